import { afterEach, describe, expect, it } from 'vitest';
import { controller } from './objects.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const MARKS: readonly (readonly [tool: string, metadata: Record<string, unknown>, said: string])[] = [
  [
    'Helm',
    {
      annotations: { 'meta.helm.sh/release-name': 'shop' },
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    },
    'make it last in the values of Helm release shop, because the next helm upgrade undoes a direct patch',
  ],
  [
    'Argo CD',
    { annotations: { 'argocd.argoproj.io/tracking-id': 'shop-prod:apps/Deployment:shop/web' } },
    'make it last in the source of Argo CD application shop-prod, because its next sync reverts a direct patch',
  ],
  [
    'Flux',
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } },
    'make it last in the source of Flux apps, because its next reconciliation reverts a direct patch',
  ],
  [
    'Terraform',
    { managedFields: [{ manager: 'Terraform', operation: 'Apply' }] },
    'make it last in the Terraform configuration, because the next terraform apply reverts a direct patch',
  ],
];

describe('a fix to an object that a tool writes', () => {
  it.each(MARKS)('%s: names the place of a change to a controller', async (_tool, metadata, said) => {
    shop = await startShop([controller({ labels: {}, metadata })]);
    const { report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(report.rootCauses).toEqual(['POD-01']);
    expect(report.findings[0]?.fix[0]?.why).toMatch(new RegExp(`; ${said}$`));
  });

  it.each(MARKS)('%s: names the place of a change to a service account', async (_tool, metadata, said) => {
    shop = await startShop([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'api', namespace: 'shop', ...metadata } },
    ]);
    const { report } = await shop.diagnose('sa', 'api', '-n', 'shop');
    expect(report.rootCauses).toEqual(['SA-01']);
    expect(report.findings[0]?.fix[0]?.why).toMatch(new RegExp(`; ${said}$`));
  });

  it('is left alone when it only restarts, and when no tool shows', async () => {
    shop = await startShop([controller({ labels: {} })]);
    const { report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(report.findings[0]?.fix.map(({ why }) => why).join(' ')).not.toContain('make it last');
  });
});
