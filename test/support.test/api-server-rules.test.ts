import { expect, test } from 'vitest';

import { startApiServer } from '../support/api-server.ts';
import { httpsRequest } from './https-request.ts';

test('a service account may read the issuer and little else, as its rules say', async () => {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace: 'demo' },
  };
  const server = await startApiServer(
    { objects: [] },
    {
      allow: [],
      users: { sa: { name: 'system:serviceaccount:demo:sa', groups: ['system:serviceaccounts'] } },
    },
  );
  try {
    const review = await httpsRequest(`${server.url}/apis/authorization.k8s.io/v1/selfsubjectrulesreviews`, {
      method: 'POST',
      headers: { authorization: 'Bearer sa' },
      body: JSON.stringify(body),
    });
    expect(JSON.parse(review.text)).toEqual({
      kind: 'SelfSubjectRulesReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: { creationTimestamp: null },
      spec: {},
      status: {
        resourceRules: [
          {
            verbs: ['create'],
            apiGroups: ['authorization.k8s.io'],
            resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
          },
          { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
        ],
        nonResourceRules: [
          { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
          {
            verbs: ['get'],
            nonResourceURLs: expect.arrayContaining(['/api', '/apis/*', '/openapi']) as string[],
          },
          {
            verbs: ['get'],
            nonResourceURLs: [
              '/.well-known/openid-configuration',
              '/.well-known/openid-configuration/',
              '/openid/v1/jwks',
              '/openid/v1/jwks/',
            ],
          },
        ],
        incomplete: false,
      },
    });
    const jwks = await httpsRequest(`${server.url}/openid/v1/jwks`, {
      headers: { authorization: 'Bearer sa' },
    });
    expect(jwks.status).toBe(200);
  } finally {
    await server.close();
  }
});
