import { CHECKS } from '../../checks/index.ts';
import { diagnose } from '../diagnose.ts';
import { WiDoctorError } from '../errors.ts';
import { exitCodeOf } from '../exit-code.ts';
import { present, unknown, type Fact } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { Invocation } from '../invocation.ts';
import { render } from '../reporters/index.ts';
import { renderClaims } from '../reporters/claims.ts';
import { ClockWatch } from '../sources/clocks.ts';
import { issuerFacts } from '../sources/issuer-facts.ts';
import { STANDARD_INPUT } from '../token-fixes.ts';
import { readTokenFile } from '../sources/token/read.ts';
import { decodeToken } from '../sources/token/decode.ts';
import { publishedKeys, tokenFacts } from '../sources/token-facts.ts';
import { givenFlags } from './given-flags.ts';
import { keptFlags, type DiagnosisOptions } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Layers whose questions can be answered from a token and its issuer alone. */
const LAYERS: readonly string[] = ['token', 'issuer'];

/** `wi-doctor token [FILE|-]`: decodes and verifies one token and explains every claim; never prints it. */
export async function token(
  file: string | undefined,
  options: DiagnosisOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (file === undefined && terminal.stdin.isTTY === true) {
    throw new WiDoctorError('USAGE', 'No token was given.', {
      hint: `Type: ${terminal.program} token FILE, or pipe one in: kubectl create token SERVICE_ACCOUNT -n NAMESPACE --audience api://AzureADTokenExchange | ${terminal.program} token -`,
    });
  }
  const name = file ?? '-';
  const text = await readTokenFile(name, terminal.stdin);
  const origin = name === '-' ? STANDARD_INPUT : `file: ${name}`;
  const decoded = decodeToken(text);
  const issuer: Fact<string> =
    decoded.kind === 'jwt' && decoded.claims.iss !== null
      ? present(decoded.claims.iss, origin)
      : unknown('the token names no issuer');
  const clocks = new ClockWatch();
  const look = await issuerFacts(issuer, {
    allowPrivateIssuer: options.allowPrivateIssuer,
    env: terminal.env,
    clocks,
  });
  const facts = await tokenFacts(
    { kind: 'raw', text, origin },
    { published: publishedKeys(look.jwks), apiServer: unknown('no API server was asked') },
  );
  const time = clocks.facts(Date.now());
  const set: FactSet = {
    facts: {
      ...time,
      target: present(
        { kind: 'Token', namespace: '', name: name === '-' ? STANDARD_INPUT : name, context: null },
        'command line',
      ),
      options: present({ container: null, allowPrivateIssuer: options.allowPrivateIssuer }, 'command line'),
      ...look,
      ...facts,
    },
    clients: {},
  };
  const invocation: Invocation = {
    program: terminal.program,
    connectionFlags: keptFlags(options.connection),
    evidenceFlags: givenFlags(options),
  };
  const checks = CHECKS.filter(({ id }) => LAYERS.includes(id.split('/')[0] ?? ''));
  const report = diagnose(checks, set, {
    failOn: options.failOn,
    invocation,
    restriction: null,
    requests: [],
  });
  const signature = facts.tokenSignature.state === 'present' ? facts.tokenSignature.value : null;
  const full = { ...report, token: { ...decoded, signature } };
  const { columns, color } = terminal;
  terminal.stdout.write(
    await render(full, options.output, {
      columns,
      color,
      verbosity: options.verbosity,
      quiet: options.quiet,
    }),
  );
  if (options.output === 'table' && !options.quiet && decoded.kind === 'jwt')
    terminal.stdout.write(renderClaims(decoded, time.now.value, columns));
  return exitCodeOf(report.verdict);
}
