import { expect, test } from 'vitest';

import { explainText } from '../../src/aadsts/explain-text.ts';

test('7000272 is about keys, so the form of the issuer in the credential is no cause of it', () => {
  for (const issuer of [
    'https://westeurope.oic.prod-aks.azure.com/11111111-1111-4111-8111-111111111111/22222222-2222-4222-8222-222222222222/',
    'https://oidc.shop.example/',
  ]) {
    const { errors } = explainText(
      `AADSTS7000272: The certificate with identifier 'k1' used to sign the federated credential could not be found in the metadata of identity provider ${issuer}. Please validate`,
    );
    expect(errors).toMatchObject([{ code: 7000272, fields: { issuer } }]);
    expect(errors[0]?.causes.filter(({ code }) => code.startsWith('FIC'))).toEqual([]);
  }
});
