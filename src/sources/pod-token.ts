import type { ContainerView, Workload } from '../derive/workload.ts';
import { unknown, type Fact } from '../fact.ts';
import type { CollectedFacts } from '../collected-facts.ts';
import type { KubernetesClient } from '../kubernetes/answers.ts';
import { mintToken, type RawToken } from './token-facts.ts';

/** Where a token may come from, the first that was asked for. */
export interface TokenWishes {
  readonly client: KubernetesClient;
  /** Text of `--token-file`; null when not given. */
  readonly tokenText: { readonly text: string; readonly file: string } | null;
  /** `--exec`. */
  readonly exec: boolean;
  /** `--mint`, or implied by `--exchange`. */
  readonly mint: boolean;
}

/** Gets the token of a container; null for the one that stands for the whole workload. */
export type TokenOf = (container: string | null) => Promise<RawToken>;

function chosen({ judged }: Workload, name: string | null, exec: boolean): ContainerView | undefined {
  if (name !== null) return judged.find((container) => container.name === name);
  return judged.find(({ wiring }) => wiring.state === 'wired') ?? (exec ? judged[0] : undefined);
}

/** What makes two containers' tokens the same one. */
function keyOf(container: ContainerView | undefined, exec: boolean): string {
  if (!container) return '';
  const { wiring, name } = container;
  if (exec) return `in ${name}`;
  return wiring.state === 'wired' ? `${wiring.audience} ${wiring.expirationSeconds}` : wiring.state;
}

/**
 * The tokens of a workload: given, else read in the container, else minted. Each is fetched once, and lives as
 * long as what this returns.
 */
export function podTokens(
  wishes: TokenWishes,
  workload: Fact<Workload>,
  node: Fact<CollectedFacts['node']> | undefined,
): TokenOf {
  const { client, tokenText, exec, mint } = wishes;
  const fetched = new Map<string, Promise<RawToken>>();
  const fetch = async (container: ContainerView | undefined): Promise<RawToken> => {
    if (workload.state !== 'present') {
      const { reason } = workload.state === 'unknown' ? workload : unknown('there is no pod');
      return { kind: 'unknown', reason: `${reason}, so no token can be had` };
    }
    if (!exec && container?.wiring.state === 'unknown')
      return { kind: 'unknown', reason: container.wiring.reason };
    if (!exec) return mintToken(client, workload.value, container);
    if (!container) return { kind: 'unknown', reason: 'there is no container to read a token file in' };
    const { execToken } = await import('./exec/exec-token.ts');
    return execToken(client, workload.value, container, node);
  };
  return async (name) => {
    if (tokenText) return { kind: 'raw', text: tokenText.text, origin: `file: ${tokenText.file}` };
    if (!exec && !mint) return { kind: 'none' };
    const container = workload.state === 'present' ? chosen(workload.value, name, exec) : undefined;
    const key = keyOf(container, exec);
    const known = fetched.get(key) ?? fetch(container);
    fetched.set(key, known);
    return known;
  };
}
