import { describe, expect, it } from 'vitest';
import type { Fault, FaultRule } from '../support/faults.ts';
import { diagnosePod, runPod } from './diagnose-live.ts';
import { refusalIn } from './refusal.ts';
import { startScenario } from './start-scenario.ts';

const ACCOUNT = /\/serviceaccounts\/web$/;
const NODE = /\/nodes\//;

async function withFault(
  fault: Fault,
  path: RegExp,
  more: Partial<FaultRule['match']> = {},
  args: string[] = [],
) {
  const live = await startScenario('healthy', { faults: [{ match: { path, ...more }, fault }] });
  try {
    return await diagnosePod(live, args);
  } finally {
    await live.close();
  }
}

describe('an API server that has trouble with one answer', () => {
  it.concurrent.each<[string, Fault, RegExp]>([
    ['500', { kind: 'error', status: 500, retryAfter: 60 }, /answered 500/],
    ['503', { kind: 'error', status: 503, retryAfter: 60 }, /answered 503|503/],
    ['429 for longer than anyone waits', { kind: 'error', status: 429, retryAfter: 60 }, /429/],
    ['HTML of a proxy', { kind: 'html', status: 200 }, /a proxy answered with HTML/],
    [
      'a redirect to a sign-in page',
      { kind: 'redirect', location: 'https://login.example/' },
      /redirects to login\.example/,
    ],
    ['half of its JSON', { kind: 'broken-json' }, /not JSON/],
    ['another object', { kind: 'reply', status: 200, body: { hello: 1 } }, /no Kubernetes API/],
    ['404 without a Status', { kind: 'reply', status: 404, body: 'gone' }, /404/],
    ['422', { kind: 'error', status: 422 }, /422/],
    ['a connection that ends in the middle', { kind: 'cut' }, /broken off/],
    ['a connection that is reset', { kind: 'reset' }, /broken off/],
  ])('%s', async (_what, fault, reason) => {
    const { code, report, stderr } = await withFault(fault, ACCOUNT);
    expect({ code, verdict: report.verdict, stderr }).toEqual({
      code: 3,
      verdict: 'inconclusive',
      stderr: '',
    });
    expect(JSON.stringify(report.checks)).toMatch(reason);
  });

  it.concurrent.each<[string, Fault]>([
    ['a byte a second', { kind: 'drip' }],
    ['nothing', { kind: 'hang' }],
    ['an answer that comes too late', { kind: 'slow', ms: 50_000 }],
  ])('%s, within --request-timeout', async (_what, fault) => {
    const { code, report } = await withFault(fault, ACCOUNT, {}, ['--request-timeout', '1s']);
    expect({ code, verdict: report.verdict }).toEqual({ code: 3, verdict: 'inconclusive' });
    expect(JSON.stringify(report.checks)).toMatch(/no (complete )?answer within 1 s/);
  });

  it('stays healthy when the verdict does not rest on it', async () => {
    const { code, report } = await withFault({ kind: 'error', status: 500, retryAfter: 60 }, NODE);
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'healthy' });
  });

  it.each<[string, Fault]>([
    ['429', { kind: 'error', status: 429, retryAfter: 1 }],
    ['503', { kind: 'error', status: 503, retryAfter: 1 }],
    ['500 without a word when to come back', { kind: 'error', status: 500 }],
    ['a reset connection', { kind: 'reset' }],
  ])('is asked again after %s', async (_what, fault) => {
    const { code, report } = await withFault(fault, ACCOUNT, { times: 1 });
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'healthy' });
  });

  it('is believed when it says 404: that object does not exist', async () => {
    const { code, report } = await withFault({ kind: 'error', status: 404 }, ACCOUNT);
    expect({ code, verdict: report.verdict }).toEqual({ code: 1, verdict: 'problem' });
    expect(report.rootCauses).toEqual([expect.stringMatching(/^SA-/)]);
  });
});

describe('an API server that never answers', () => {
  it.each<[string, Fault]>([
    ['nothing', { kind: 'hang' }],
    ['reset connections', { kind: 'reset' }],
  ])('%s', async (_what, fault) => {
    const live = await startScenario('healthy', { faults: [{ match: { path: /./ }, fault }] });
    const { sentence, hint } = refusalIn(await runPod(live, ['--request-timeout', '1s', '-o', 'json']));
    expect(sentence).toMatch(/^Cannot reach the API server at 127\.0\.0\.1:\d+: /);
    expect(hint).not.toBe('');
    await live.close();
  });

  it('more than a byte a second is there, but nothing is proven by it', async () => {
    const live = await startScenario('healthy', {
      faults: [{ match: { path: /./ }, fault: { kind: 'drip' } }],
    });
    const { code, report } = await diagnosePod(live, ['--request-timeout', '1s']);
    expect({ code, findings: report.findings }).toEqual({ code: 3, findings: [] });
    await live.close();
  });

  it('but a sign-in page of a proxy: nothing is proven', async () => {
    const live = await startScenario('healthy', {
      faults: [{ match: { path: /./ }, fault: { kind: 'html', status: 200 } }],
    });
    const { code, report } = await diagnosePod(live);
    expect({ code, verdict: report.verdict }).toEqual({ code: 3, verdict: 'inconclusive' });
    expect(JSON.stringify(report.checks)).toContain('a proxy answered with HTML');
    await live.close();
  });

  it('leaves at once on Ctrl-C', async () => {
    const live = await startScenario('healthy', {
      faults: [{ match: { path: /./ }, fault: { kind: 'hang' } }],
    });
    const asked = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (live.api.requests.length === 0) return;
        clearInterval(look);
        resolve();
      }, 20);
    });
    const run = await runPod(live, [], { interrupt: asked });
    expect({ code: run.code, stdout: run.stdout, stderr: run.stderr }).toEqual({
      code: 130,
      stdout: '',
      stderr: '',
    });
    await live.close();
  });
});
