import { afterEach, describe, expect, it } from 'vitest';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

function account(name: string, annotations?: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop', annotations } };
}
const KEY = 'azure.workload.identity/client-id';

describe('wi-doctor sa', () => {
  it('finds an annotated account healthy without any pod', async () => {
    shop = await startShop([]);
    const { outcome, report } = await shop.diagnose('sa', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'healthy', exit: 0, findings: [] });
    expect(report.target).toEqual({
      kind: 'ServiceAccount',
      namespace: 'shop',
      name: 'web',
      context: 'prod',
    });
    expect(report.checks.filter(({ id }) => id.startsWith('pod/'))).toEqual([]);
  });

  it('compares its subject with the credentials of its identity', async () => {
    shop = await startShop([account('api', { [KEY]: '11111111-1111-4111-8111-111111111111' })]);
    const { outcome, report } = await shop.diagnose('sa', 'api', '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: [expect.stringMatching(/^FIC-05 fail root FederatedIdentityCredential\//)],
    });
    expect(report.headline).toMatch(/^shop\/api cannot sign in: /);
  });

  it('misses the client id of one that names none', async () => {
    shop = await startShop([account('api')]);
    const { outcome, report } = await shop.diagnose('sa', 'api', '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: ['SA-01 fail root ServiceAccount/api'],
    });
    expect(report.findings[0]?.fix.map(({ command }) => command)).toEqual([
      expect.stringMatching(/^kubectl annotate serviceaccount api -n shop /),
    ]);
  });

  it('knows a client id that is a resource id', async () => {
    shop = await startShop([account('api', { [KEY]: '/subscriptions/1/resourceGroups/rg/x' })]);
    const { report } = await shop.diagnose('sa', 'api', '-n', 'shop');
    expect(report.rootCauses).toEqual(['SA-02']);
  });

  it('is inconclusive when it may not be read', async () => {
    shop = await startShop([], { deny: [{ verb: 'get', resource: 'serviceaccounts' }] });
    const { outcome, report } = await shop.diagnose('sa', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'inconclusive', exit: 3, findings: [] });
    expect(report.headline).toContain('may not get serviceaccounts web in namespace shop (403)');
  });

  it('is inconclusive without its credentials, and says what would settle it', async () => {
    shop = await startShop([account('api', { [KEY]: '33333333-3333-4333-8333-333333333333' })]);
    const { outcome, report } = await shop.diagnose('sa', 'api', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'inconclusive', exit: 3, findings: [] });
    expect(report.next).not.toBeNull();
  });
});
