import type { Reply } from '../faults.ts';
import type { User } from './authentication.ts';
import { isAllowed, type Policy, rulesOf } from './authorization.ts';
import type { RequestInfo } from './request.ts';
import { json } from './status.ts';

interface Attributes {
  namespace?: string;
  verb?: string;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  name?: string;
  path?: string;
}

export interface Review {
  kind?: string;
  apiVersion?: string;
  spec?: {
    namespace?: string;
    user?: string;
    groups?: string[];
    resourceAttributes?: Attributes;
    nonResourceAttributes?: Attributes;
  };
}

/** The self-reviews (and SubjectAccessReview), answered by the same policy that refuses requests. */
export function reviewReply(resource: string, review: Review, user: User, policy: Policy): Reply | undefined {
  const spec = review.spec ?? {};
  const answer = (kind: string, apiVersion: string, rest: object): Reply =>
    json(201, { kind, apiVersion, metadata: { creationTimestamp: null }, ...rest });
  switch (resource) {
    case 'selfsubjectaccessreviews':
    case 'subjectaccessreviews': {
      const self = resource === 'selfsubjectaccessreviews';
      const asked = self ? user : { name: spec.user ?? '', groups: spec.groups ?? [] };
      const allowed = isAllowed(policy, asked, attributesOf(spec));
      return answer(self ? 'SelfSubjectAccessReview' : 'SubjectAccessReview', 'authorization.k8s.io/v1', {
        spec,
        status: { allowed },
      });
    }
    case 'selfsubjectrulesreviews':
      return answer('SelfSubjectRulesReview', 'authorization.k8s.io/v1', {
        spec: {},
        status: { ...rulesOf(policy, user, spec.namespace ?? ''), incomplete: false },
      });
    case 'selfsubjectreviews':
      return answer('SelfSubjectReview', 'authentication.k8s.io/v1', {
        status: { userInfo: { username: user.name, groups: user.groups } },
      });
    default:
      return undefined;
  }
}

function attributesOf({
  resourceAttributes,
  nonResourceAttributes,
}: NonNullable<Review['spec']>): RequestInfo {
  const {
    verb = '',
    namespace,
    group = '',
    version = '',
    resource = '',
    subresource = '',
    name,
  } = resourceAttributes ?? nonResourceAttributes ?? {};
  return {
    verb,
    resourceRequest: resourceAttributes !== undefined,
    path: nonResourceAttributes?.path ?? '',
    group,
    version,
    resource,
    subresource,
    namespace: namespace || undefined,
    name: name || undefined,
  };
}
