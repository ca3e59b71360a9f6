import { expect, it } from 'vitest';
import type { FactSet } from '../../src/facts.ts';
import type { Report } from '../../src/report.ts';
import { reportOf, worldOf } from '../scenarios.ts';
import { programsIn } from './suggestions.ts';

/** What a value would do if it came to a shell bare. */
const ADDED = ';reboot $(id)';

function spoilt(name: string, value: string): FactSet {
  return JSON.parse(JSON.stringify(worldOf(name)).replaceAll(value, value + ADDED)) as FactSet;
}

function commandsOf({ findings, next }: Report): string[] {
  const told = findings.flatMap(({ fix, verify }) => [...fix.map(({ command }) => command), verify]);
  return next === null ? told : [...told, next];
}

it.each([
  ['token-file-written-by-a-helper', '/settings/token'],
  ['token-path-relative-to-the-image', 'azure/tokens/azure-identity-token'],
  ['issuer-on-a-private-address-not-asked', '10.1.2.3/clusters/prod/.well-known/openid-configuration'],
  ['program-signs-in-as-another-client', '99999999-9999-4999-8999-999999999999'],
  ['new-key-not-published-yet', 'web-7d9f-x2k4q'],
])('%s is one word of a command, whatever stands in %s', (name, value) => {
  const commands = commandsOf(reportOf(name, {}, spoilt(name, value))).filter((command) =>
    command.includes(ADDED),
  );
  expect(commands).not.toEqual([]);
  for (const command of commands)
    expect(programsIn(command).map(([program]) => program)).not.toContain('reboot');
});
