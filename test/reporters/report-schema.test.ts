import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { errorReport } from '../../src/error-report.ts';
import { WiDoctorError } from '../../src/errors.ts';
import type { Report } from '../../src/report.ts';
import { renderJson } from '../../src/reporters/json.ts';
import { reportOf, scenarioNames } from '../scenarios.ts';

const schema: object = JSON.parse(
  readFileSync(new URL('../../src/report.schema.json', import.meta.url), 'utf8'),
) as object;
const validate: ValidateFunction = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
}).compile(schema);

/** What the schema says against a report as it is printed. */
function complaints(report: unknown): string[] {
  validate(JSON.parse(renderJson(report)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the JSON Schema of a report', () => {
  it.each(scenarioNames())('accepts the report of scenario %s', (name) => {
    expect(complaints(reportOf(name))).toEqual([]);
  });

  it('accepts the document of exit code 2', () => {
    const error = new WiDoctorError('NOT_FOUND', 'Namespace shop has no pod wbe', {
      hint: 'Did you mean web?',
    });
    const report = errorReport(error, { kind: 'Pod', namespace: 'shop', name: 'wbe', context: 'prod' });
    expect(complaints(report)).toEqual([]);
    expect(report.headline).toBe('Namespace shop has no pod wbe. Did you mean web?');
    expect(complaints(errorReport(new TypeError('x is not a function')))).toEqual([]);
    expect(errorReport('thrown text').headline).toBe(
      'wi-doctor itself failed: thrown text (bug, please report)',
    );
  });

  const report = reportOf('subject-of-another-service-account');
  const [finding] = report.findings;
  it.each<[string, Partial<Record<keyof Report | 'extra', unknown>>]>([
    ['a member nobody declared', { extra: 1 }],
    ['a problem without a cause', { rootCauses: [] }],
    ['a cause without a problem', { verdict: 'healthy' }],
    ['a next command beside a problem', { next: 'wi-doctor cluster' }],
    ['an unknown verdict', { verdict: 'fine' }],
    ['a failing root without a fix', { findings: [{ ...finding, fix: [] }] }],
    ['a consequence of nothing', { findings: [{ ...finding, role: 'consequence' }] }],
    ['a headline of two lines', { headline: 'one\ntwo' }],
    ['an unknown link', { chain: [{ link: 'kubelet', state: 'ok', detail: '' }] }],
    [
      'an unknown check without a reason',
      { checks: [{ id: 'pod/label', title: 't', status: 'unknown', reason: null }] },
    ],
  ])('refuses %s', (_what, change) => {
    expect(complaints({ ...report, ...change })).not.toEqual([]);
  });

  it.each(Object.keys(report) as (keyof Report)[])('refuses a report without %s', (member) => {
    const { [member]: _left, ...rest } = report;
    expect(complaints(rest)).not.toEqual([]);
  });
});
