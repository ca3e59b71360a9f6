import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report.ts';
import { mintToken, serviceAccountClaims } from '../support/issuer.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { diagnosePod, reportIn } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

const SLOW = 'clock-of-this-machine-behind-without-token-but-fine';

function time({ checks }: Report): object {
  const { status, reason } = checks.find(({ id }) => id === 'token/time') ?? {};
  return { status, reason };
}

function hostOf({ issuerUrl }: LiveScenario): string {
  return new URL(issuerUrl ?? '').hostname;
}

describe('a machine whose clock is an hour slow', () => {
  it('blames nobody for a token that is minted now, and says that it is slow', async () => {
    const live = await startScenario(SLOW);
    const { code, report } = await diagnosePod(live, ['--mint']);
    expect(code).toBe(0);
    expect(report.findings.map(({ code: row, status }) => `${row} ${status}`)).toEqual(['TOK-06 info']);
    expect(report.findings[0]?.message).toContain(
      'by the clock of this machine, which is 1 hour behind that of the issuer',
    );
    await live.close();
  });

  it('leaves it open where only the API server says otherwise', async () => {
    const live = await startScenario(SLOW);
    const { report } = await diagnosePod(live, ['--mint'], {
      hosts: { ...live.hosts, [hostOf(live)]: 'ENOTFOUND' },
    });
    expect(report.findings).toEqual([]);
    expect(time(report)).toEqual({
      status: 'unknown',
      reason:
        'the clocks seen do not tell: the clock of this machine is 1 hour behind that of the API server',
    });
    await live.close();
  });

  it('does the same for a token alone', async () => {
    const live = await startScenario(SLOW);
    const issuedAt = Math.floor(live.now().getTime() / 1000);
    const claims = serviceAccountClaims({
      issuer: live.issuerUrl ?? '',
      namespace: 'shop',
      serviceAccount: 'web',
      issuedAt,
    });
    const file = join(temporaryFolder('token'), 'token');
    writeFileSync(file, mintToken({ claims }));
    const alone = async (hosts: LiveScenario['hosts']): Promise<Report> =>
      reportIn(await runCli(['token', file, '-o', 'json'], { hosts: { ...hosts }, env: live.env }));
    expect(time(await alone({ [hostOf(live)]: 'ENOTFOUND' }))).toEqual({
      status: 'unknown',
      reason: 'the clocks seen do not tell: no clock but that of this machine was seen',
    });
    expect(time(await alone(live.hosts))).toEqual({
      status: 'unknown',
      reason: 'the clocks seen do not tell: the clock of this machine is 1 hour behind that of the issuer',
    });
    await live.close();
  });
});

describe('an API server whose clock is ahead', () => {
  it('is blamed for the token it mints, since issuer and machine agree', async () => {
    const live = await startScenario('clock-of-the-api-server-ahead-without-token');
    const { code, report } = await diagnosePod(live, ['--mint']);
    expect({ code, roots: report.rootCauses }).toEqual({ code: 1, roots: ['TOK-06'] });
    expect(report.headline).toContain('by the clock of the issuer');
    await live.close();
  });
});
