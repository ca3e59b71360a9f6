import { describe, expect, it } from 'vitest';
import { runMain } from './run-main.ts';

describe('explain -q', () => {
  it('says what an error is and what to type next, and no more', async () => {
    const { code, out } = await runMain(['explain', 'AADSTS700213', '-q']);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(3);
    expect(out).toMatch(
      /^✖ AADSTS700213: .*\n.*\n {2}wi-doctor pod POD -n NAMESPACE --error AADSTS700213\n$/,
    );
  });

  it('says what a finding is', async () => {
    expect((await runMain(['explain', 'FIC-05', '-q'])).out).toBe('FIC-05: subject differs\n');
  });
});

describe('evidence without a pod', () => {
  it.each([
    ['--bundle', 'dump'],
    ['--federated-credentials', 'credentials.json'],
    ['--token-file', 'token'],
  ])('%s is a usage error, never left aside in silence', async (flag, value) => {
    const { code, err } = await runMain(['explain', 'AADSTS700213', flag, value]);
    expect(code).toBe(2);
    expect(err).toMatch(`${flag} is only used with --pod`);
  });
});

it('explains its exit codes in its help', async () => {
  const { out } = await runMain(['explain', '--help']);
  expect(out).toMatch(/0 {2}something was recognised/);
  expect(out).toMatch(/3 {2}nothing was recognised/);
});
