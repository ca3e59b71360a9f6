import { describe, expect, it } from 'vitest';
import type { Fault } from '../support/faults.ts';
import type { RunOptions } from '../support/run-cli.ts';
import { diagnosePod } from './diagnose-live.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

const DISCOVERY = /openid-configuration$/;
const KEYS = /jwks$/;
const HOST = 'eastus.oic.prod-aks.azure.com';

interface Outcome {
  readonly code: number | null;
  readonly roots: readonly string[];
  readonly told: string;
}

async function outcomeOf(live: LiveScenario, options: RunOptions = {}): Promise<Outcome> {
  const { code, report, stderr } = await diagnosePod(live, [], options);
  expect(stderr).toBe('');
  const layers = report.checks.filter(({ id }) => id.startsWith('issuer/'));
  expect(layers.some(({ status }) => status === 'error')).toBe(false);
  return { code, roots: report.rootCauses, told: JSON.stringify([report.headline, report.findings, layers]) };
}

describe('an issuer that answers, but not as it should', () => {
  it.concurrent.each<[string, RegExp, Fault, string]>([
    ['HTML instead of the document', DISCOVERY, { kind: 'html', status: 200 }, 'ISS'],
    ['a page of a proxy', DISCOVERY, { kind: 'html', status: 502 }, 'ISS'],
    ['404', DISCOVERY, { kind: 'reply', status: 404 }, 'ISS'],
    ['403', DISCOVERY, { kind: 'reply', status: 403 }, 'ISS'],
    ['half a document', DISCOVERY, { kind: 'broken-json' }, 'ISS'],
    ['more than a mebibyte', DISCOVERY, { kind: 'reply', status: 200, body: ' '.repeat(2 ** 21) }, 'ISS'],
    ['a loop', DISCOVERY, { kind: 'redirect', location: '?again' }, 'ISS'],
    [
      'a way to the metadata service',
      DISCOVERY,
      { kind: 'redirect', location: 'https://169.254.169.254/metadata/identity/oauth2/token' },
      'ISS',
    ],
    ['plain HTTP', DISCOVERY, { kind: 'redirect', location: `http://${HOST}/` }, 'ISS'],
    ['HTML instead of keys', KEYS, { kind: 'html', status: 200 }, 'ISS'],
    ['no keys', KEYS, { kind: 'reply', status: 200, body: { keys: [] } }, 'ISS'],
    ['keys that are a text', KEYS, { kind: 'reply', status: 200, body: { keys: 'none' } }, 'ISS'],
  ])('%s', async (_what, path, fault, code) => {
    const live = await startScenario('healthy');
    live.issuer.faults.clear();
    live.issuer.faults.add({ match: { path }, fault }, ...(await documentsOf(live)));
    const outcome = await outcomeOf(live);
    expect(outcome.code).toBe(1);
    expect(outcome.roots.join()).toContain(code);
    await live.close();
  });
});

/** What the healthy issuer answers, below the fault. */
async function documentsOf(live: LiveScenario): Promise<Parameters<LiveScenario['issuer']['faults']['add']>> {
  const url = live.issuerUrl ?? '';
  const { keyOf } = await import('./live-token.ts');
  const document = { issuer: url, jwks_uri: `${url}openid/v1/jwks` };
  return [
    { match: { path: DISCOVERY }, fault: { kind: 'reply', status: 200, body: document } },
    {
      match: { path: KEYS },
      fault: { kind: 'reply', status: 200, body: { keys: [keyOf('signing-key-2026').jwk] } },
    },
  ];
}

describe('an issuer of which nothing is learnt from here', () => {
  it.concurrent.each<[string, RunOptions['hosts'] | Fault]>([
    ['its name does not resolve', { [HOST]: 'ENOTFOUND' }],
    ['it refuses the connection', { [HOST]: 'ECONNREFUSED' }],
    ['its public name leads to a private address', { [HOST]: { address: '10.0.0.5' } }],
    ['nobody answers', { [HOST]: 'hang' }],
    ['a byte a second', { kind: 'drip' }],
    ['no answer', { kind: 'hang' }],
    ['a connection that ends in the middle', { kind: 'cut' }],
  ])('%s', async (_what, trouble) => {
    const live = await startScenario('healthy');
    const hosts = trouble && !('kind' in trouble) ? trouble : live.hosts;
    if (trouble && 'kind' in trouble) {
      const documents = await documentsOf(live);
      live.issuer.faults.clear();
      // The right answer, or what the fault leaves of it.
      live.issuer.publish(live.issuerUrl ?? '');
      live.issuer.faults.add({ match: { path: DISCOVERY }, fault: trouble as Fault }, ...documents.slice(1));
    }
    const outcome = await outcomeOf(live, { hosts: hosts ?? {}, timeoutMs: 40_000 });
    expect({ code: outcome.code, roots: outcome.roots }).toEqual({ code: 3, roots: [] });
    expect(outcome.told).toMatch(/\bhere\b/);
    await live.close();
  });
});

describe('nothing of the caller', () => {
  it('is sent to the issuer', async () => {
    const live = await startScenario('healthy');
    await diagnosePod(live);
    expect(live.issuer.requests.length).toBeGreaterThan(0);
    for (const { method, headers } of live.issuer.requests) {
      expect(method).toBe('GET');
      expect(Object.keys(headers)).not.toContain('authorization');
      expect(Object.keys(headers)).not.toContain('cookie');
    }
    await live.close();
  });
});
