import { describe, expect, it, test } from 'vitest';
import { newestMoment } from '../../src/kubernetes/newest-moment.ts';
import { secondsAhead } from '../../src/http-date.ts';
import { ClockWatch } from '../../src/sources/clocks.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');

describe('the Date header of an answer', () => {
  it.each([
    ['of the same second', { date: 'Fri, 20 Nov 2026 09:30:00 GMT' }, 0],
    ['on its way for some seconds', { date: 'Fri, 20 Nov 2026 09:29:56 GMT' }, 0],
    ['an hour ahead', { date: 'Fri, 20 Nov 2026 10:30:00 GMT' }, 3601],
    ['an hour behind', { date: 'Fri, 20 Nov 2026 08:30:00 GMT' }, -3599],
    ['kept in a cache for an hour', { date: 'Fri, 20 Nov 2026 08:30:00 GMT', age: '3600' }, 0],
    ['with an age that is none', { date: 'Fri, 20 Nov 2026 09:30:00 GMT', age: 'old' }, 0],
    ['missing', { date: undefined }, undefined],
    ['of no form', { date: 'yesterday' }, undefined],
  ])('%s', (_title, time, ahead) => {
    expect(secondsAhead(time, NOW)).toBe(ahead);
  });
});

function chosen(ahead: { entra?: number; issuer?: number; apiServer?: number }): object {
  const watch = new ClockWatch();
  watch.note('entra', ahead.entra);
  watch.note('issuer', ahead.issuer);
  watch.note('apiServer', ahead.apiServer);
  const { now, clocks } = watch.facts(NOW);
  return { now: now.value.slice(11, 16), origin: now.origin, clocks: clocks.value };
}

describe('what time it is', () => {
  it.each([
    ['by this machine where no answer tells', {}, '09:30', "this machine's clock", { machine: 0 }],
    [
      'by the API server against a slow machine',
      { apiServer: 3600 },
      '10:30',
      'Date header of the API server',
      { apiServer: 0, machine: -3600 },
    ],
    [
      'by issuer and API server against a slow machine',
      { issuer: 3600, apiServer: 3605 },
      '10:30',
      'Date header of the issuer',
      { issuer: 0, apiServer: 5, machine: -3600 },
    ],
    [
      'by issuer and machine against a fast API server',
      { issuer: 0, apiServer: 900 },
      '09:30',
      'Date header of the issuer',
      { issuer: 0, apiServer: 900, machine: 0 },
    ],
    [
      'not by an issuer that nobody agrees with',
      { issuer: -3600, apiServer: 0 },
      '09:30',
      'Date header of the API server',
      { issuer: -3600, apiServer: 0, machine: 0 },
    ],
    [
      'by the issuer where all differ',
      { issuer: 7200, apiServer: 3600 },
      '11:30',
      'Date header of the issuer',
      { issuer: 0, apiServer: -3600, machine: -7200 },
    ],
    [
      'by Entra against all others',
      { entra: -3600, issuer: 0, apiServer: 0 },
      '08:30',
      'Date header of Entra or Azure',
      { entra: 0, issuer: 3600, apiServer: 3600, machine: 3600 },
    ],
  ] as const)('%s', (_title, ahead, now, origin, clocks) => {
    expect(chosen(ahead)).toEqual({ now, origin, clocks });
  });

  it('is what the first answer of each said', () => {
    const watch = new ClockWatch();
    watch.note('issuer', 3600);
    watch.note('issuer', 0);
    expect(watch.facts(NOW).clocks.value).toEqual({ issuer: 0, machine: -3600 });
  });
});

test('dumps are no older than what last happened in them', () => {
  const pod = {
    metadata: { name: 'web', creationTimestamp: '2026-11-20T08:00:00Z', annotations: { time: 'soon' } },
    status: {
      conditions: [{ lastTransitionTime: '2026-11-20T08:00:07Z' }],
      notAfter: '2027-01-01T00:00:00Z',
    },
  };
  const future = { metadata: { name: 'odd', creationTimestamp: '2031-01-01T00:00:00Z' } };
  const limit = '2026-11-20T09:30:00.000Z';
  expect(newestMoment([pod, future], limit)).toBe('2026-11-20T08:00:07Z');
  expect(newestMoment([{ metadata: { name: 'bare' } }], limit)).toBeNull();
});
