import { describe, expect, it } from 'vitest';
import { shortKind } from '../../src/commands.ts';
import { canBeFederated } from '../../src/derive/issuer.ts';
import { deriveFacts } from '../../src/derive/facts.ts';
import type { Workload } from '../../src/derive/workload.ts';
import type { Identity } from '../../src/facts.ts';
import { worldOf } from '../scenarios.ts';
import { programsIn, suggestions, violations, type Suggestion } from './suggestions.ts';

const ALL = suggestions();
const FIXES = ALL.filter((suggestion) => suggestion.as === 'fix');

/** Kinds that kubectl asks for without a namespace. */
const CLUSTER_WIDE =
  /\b(mutatingwebhookconfigurations?|namespace|csidriver|clusterrolebinding|clustertriggerauthentication|clustersecretstore|clusteroperator|node)\b/;

/** Verbs that act on objects of a namespace. */
const NAMESPACED: ReadonlySet<string> = new Set(
  'annotate create delete describe edit exec get label patch replace rollout scale set'.split(' '),
);

const WORKLOADS = /^(deploy|sts|ds|rs|job|cronjob|pod)$/;

function workloadOf(scenario: string): Workload | null {
  const { workload } = deriveFacts(worldOf(scenario));
  return workload.state === 'present' ? workload.value : null;
}

/** The object a command of kubectl changes: `deploy/web`; null for a command that changes no workload. */
function changedBy([program, verb = '', ...words]: readonly string[]): string | null {
  if (
    program !== 'kubectl' ||
    !['patch', 'set', 'edit', 'rollout', 'label', 'annotate', 'delete'].includes(verb)
  )
    return null;
  const slashed = words.find((word) => WORKLOADS.test(word.split('/')[0] ?? '') && word.includes('/'));
  if (slashed !== undefined) return slashed;
  const [kind = '', name = ''] = words;
  return WORKLOADS.test(kind) ? `${kind}/${name}` : null;
}

function identitiesOf(scenario: string): Identity[] {
  return Object.values(worldOf(scenario).clients).flatMap(({ identity }) =>
    identity?.state === 'present' ? [identity.value] : [],
  );
}

/** Whether a container uses the client id of a managed identity whose place Azure shows. */
function usedIdentity(scenario: string): boolean {
  const { clients } = worldOf(scenario);
  return (workloadOf(scenario)?.judged ?? []).some(({ effective: { clientId } }) => {
    const identity = clientId.state === 'known' ? clients[clientId.value]?.identity : undefined;
    return (
      identity?.state === 'present' &&
      identity.value.kind === 'user-assigned' &&
      identity.value.resourceGroup !== null
    );
  });
}

describe('suggested commands fit what they are for', () => {
  it('every command for an object of a namespace names the namespace', () => {
    expect(
      violations(ALL, ({ command }) =>
        programsIn(command).flatMap(([program, verb = '', ...words]) => {
          if (program !== 'kubectl' || !NAMESPACED.has(verb)) return [];
          const elsewhere =
            words.includes('--raw') ||
            words.includes('--local') ||
            words.includes('-A') ||
            CLUSTER_WIDE.test(words.join(' '));
          return elsewhere || words.includes('-n') ? [] : ['no namespace'];
        }),
      ),
    ).toEqual([]);
  });

  it('a change goes to the object that holds the template of the pod', () => {
    expect(
      violations(FIXES, ({ scenario, command }) => {
        const workload = workloadOf(scenario);
        if (!workload) return [];
        const { kind, name } = workload.controller;
        return programsIn(command).flatMap((words) => {
          const changed = changedBy(words);
          if (changed === null || words[words.indexOf('-n') + 1] !== workload.object.namespace) return [];
          const pod = workload.kind === 'pod' ? [`pod/${workload.object.name}`] : [];
          const own = [`${shortKind(kind)}/${name}`, ...pod];
          if (!own.includes(changed)) return [`not of ${own[0]}`];
          // A controller's pod cannot be changed for good, and only what rolls can be rolled.
          if (changed.startsWith('pod/') && words[1] !== 'delete') return ['changes a pod'];
          return words[1] === 'rollout' && !/^(deploy|sts|ds)\//.test(changed) ? ['cannot be rolled'] : [];
        });
      }),
    ).toEqual([]);
  });

  it('a fix says that it restarts pods exactly when it does', () => {
    expect(
      violations(FIXES, ({ command, fixes, scenario }) => {
        const fix = fixes.find((one) => one.command === command);
        const replaces = programsIn(command).some((words) => {
          const changed = changedBy(words);
          if (changed?.startsWith('cronjob/') === true) return false;
          const own = workloadOf(scenario)?.object.namespace === words[words.indexOf('-n') + 1];
          return (
            (changed !== null && own) ||
            words.slice(0, 3).join(' ') === 'kubectl replace --force' ||
            words.slice(0, 3).join(' ') === 'kubectl create job'
          );
        });
        return replaces && fix?.restarts === false ? ['restarts, and says no'] : [];
      }),
    ).toEqual([]);
  });

  it('what the webhook reads is followed by new pods, where the pod is judged', () => {
    const READ = /azure\.workload\.identity\/(client-id|tenant-id|service-account-token-expiration)/;
    expect(
      violations(FIXES, ({ command, fixes, scenario, status }) => {
        if (
          status !== 'fail' ||
          !command.startsWith('kubectl annotate serviceaccount') ||
          !READ.test(command)
        )
          return [];
        const judged = workloadOf(scenario)?.kind;
        if (judged === 'service-account' || judged === 'cluster') return [];
        const at = fixes.findIndex((one) => one.command === command);
        return fixes.slice(at).some(({ restarts }) => restarts) ? [] : ['no restart behind it'];
      }),
    ).toEqual([]);
  });

  it('credentials of applications and of managed identities are not mixed up', () => {
    const rule = ({ scenario, command }: Suggestion): string[] =>
      programsIn(command).flatMap((words) => {
        const line = words.join(' ');
        const name = words[words.indexOf('--identity-name') + 1];
        const id = words[words.indexOf('--id') + 1];
        const identities = identitiesOf(scenario);
        if (line.startsWith('az identity federated-credential'))
          return identities.some((one) => one.name === name && one.kind !== 'user-assigned')
            ? ['no managed identity']
            : [];
        if (!line.startsWith('az ad app federated-credential')) return [];
        const known = worldOf(scenario).clients[id ?? '']?.identity;
        return known?.state === 'present' && known.value.kind !== 'application' ? ['no application'] : [];
      });
    expect(violations(ALL, rule)).toEqual([]);
  });

  it('no value stands blank that the scenario knows', () => {
    const rule = ({ scenario, command }: Suggestion): string[] => {
      const { aksCluster } = worldOf(scenario).facts;
      const { workload, tokenIssuer } = deriveFacts(worldOf(scenario));
      const blanks = [
        ...(aksCluster?.state === 'present' && /\baz aks\b/.test(command)
          ? ['RESOURCE_GROUP', 'CLUSTER_NAME']
          : []),
        ...(workload.state === 'present' ? ['NAMESPACE', 'SERVICE_ACCOUNT', 'POD'] : []),
        ...(tokenIssuer.state === 'present' &&
        canBeFederated(tokenIssuer.value) &&
        /federated-credential/.test(command)
          ? ['ISSUER_URL']
          : []),
        ...(usedIdentity(scenario) && /federated-credential|annotate serviceaccount/.test(command)
          ? ['RESOURCE_GROUP', 'IDENTITY_NAME']
          : []),
      ];
      return blanks.filter((word) => new RegExp(`\\b${word}\\b`).test(command));
    };
    expect(violations(ALL, rule)).toEqual([]);
  });
});
