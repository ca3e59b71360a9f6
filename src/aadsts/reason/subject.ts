import { serviceAccountOf } from '../fill-command.ts';
import { isCrossedOut, valuesOf } from '../read/literal.ts';
import type { Conclusion, Judgement, Said } from './conclusion.ts';

/** Cluster causes that cannot apply when the subject is no service account. */
const NOT_A_POD: readonly Judgement[] = ['SA-07', 'SA-11', 'POD-07', 'OP-01', 'TOK-11'].map((code) => ({
  code,
  likelihood: 'unlikely',
}));

/** The form of the subject tells the default service account, operators, and tokens that come from no cluster. */
export function subjectForm({ code, fields }: Said): Conclusion | undefined {
  const subject = valuesOf(fields.subject)[0];
  if (subject === undefined || code === null || isCrossedOut(subject)) return undefined;
  const account = serviceAccountOf(subject);
  if (account === undefined) return foreign(subject);
  if (account.name === 'default') return defaultAccount(account.namespace);
  if (account.name === 'keda-operator') return keda(subject);
  if (account.name === 'azureserviceoperator-default') {
    return {
      observation:
        'The subject is the service account of Azure Service Operator, not the one of your workload.',
      judgements: [
        {
          code: 'FIC-05',
          likelihood: 'certain',
          confirm: 'The operator needs a credential of its own, beside the one of the workload.',
        },
      ],
    };
  }
  if (account.namespace === 'kube-system') {
    return {
      observation: `The subject ${subject} belongs to an add-on of the cluster, which signs in with its own service account.`,
      judgements: [{ code: 'FIC-05', likelihood: 'likely' }],
    };
  }
  return undefined;
}

function defaultAccount(namespace: string): Conclusion {
  return {
    observation: `The pod runs under the service account "default" of namespace ${namespace}, which is rarely the one that was meant.`,
    judgements: [
      {
        code: 'SA-07',
        likelihood: 'likely',
        confirm:
          'The message says "default"; the pod template names no service account, or another than you think:\nkubectl get pod POD -n {namespace} -o jsonpath=\'{.spec.serviceAccountName}\'',
      },
    ],
  };
}

function keda(subject: string): Conclusion {
  return {
    observation: `KEDA signed in with its own service account (${subject}); it does so for every trigger, whatever identityId says.`,
    judgements: [
      {
        code: 'OP-01',
        likelihood: 'certain',
        confirm:
          "The message proves it: the subject is KEDA's. Every identity a trigger names needs a credential for it.",
      },
      { code: 'SA-07', likelihood: 'unlikely' },
      { code: 'FIC-05', likelihood: 'likely' },
    ],
  };
}

function foreign(subject: string): Conclusion | undefined {
  if (subject.startsWith('system:serviceaccount:')) {
    return {
      observation: `The subject ${subject} is no well-formed service account.`,
      judgements: [{ code: 'FIC-07', likelihood: 'likely' }],
    };
  }
  const from = originOf(subject);
  return {
    observation: `The subject ${subject} is no service account of a cluster${from === undefined ? '' : `; it comes from ${from}`}.`,
    judgements: [
      ...NOT_A_POD,
      ...(from === 'Entra (the object id of an identity)'
        ? ([{ code: 'ENT-09', likelihood: 'likely' }] as const)
        : []),
    ],
  };
}

function originOf(subject: string): string | undefined {
  if (subject.startsWith('repo:')) return 'GitHub Actions';
  if (subject.startsWith('sc://')) return 'Azure DevOps';
  if (subject.startsWith('project_path:')) return 'GitLab';
  if (subject.startsWith('spiffe://')) return 'SPIFFE';
  if (subject.startsWith('organization:')) return 'Terraform Cloud';
  if (subject.startsWith('/eid1/')) return 'a Microsoft service';
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject))
    return 'Entra (the object id of an identity)';
  return undefined;
}
