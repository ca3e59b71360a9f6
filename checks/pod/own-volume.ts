import { defineCheck, editCommand, USE_LABEL, type Check } from '../../src/check.ts';

const TOKEN_PATH = 'azure-identity-token';
const RESERVED = 'azure-workload-identity-reserved-';

/** Whether a release is 1.5.1 or older. */
function isLegacy(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 1 || (major === 1 && minor < 6);
}

const edit = {
  command: '{edit}',
  why: '{change}',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/own-volume',
  title: 'no volume of the manifest gets in the way of the one the webhook adds',
  link: 'webhook',
  stage: 'rejected',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['webhook'],
  sources: ['https://github.com/Azure/azure-workload-identity/blob/v1.5.1/pkg/webhook/webhook.go'],
  outcomes: {
    clear: { status: 'pass', says: 'The manifest leaves the volume of the webhook alone.' },
    clash: {
      status: 'fail',
      code: 'POD-11',
      title: 'A volume of the manifest is in the way of the webhook',
      says: 'Volume {volume} of the template projects a token to {path}, so webhook {version} adds its mount but not its volume, and every pod is refused.',
      fix: [edit],
    },
    clashNext: {
      status: 'warn',
      code: 'POD-11',
      title: 'A volume of the manifest is in the way of the webhook',
      says: 'Volume {volume} of the manifest projects a token to {path}, so webhook {version} adds its mount but not its volume, and the next pod is refused.',
      fix: [edit],
    },
    copied: {
      status: 'fail',
      code: 'POD-12',
      title: 'A volume of the webhook is written into the manifest',
      says: 'The template contains volume {volume}, copied from a running pod; the webhook mounts its own at the same path, and every pod is refused.',
      fix: [edit],
    },
    copiedNext: {
      status: 'warn',
      code: 'POD-12',
      title: 'A volume of the webhook is written into the manifest',
      says: 'The manifest contains volume {volume}, copied from a running pod; the webhook mounts its own at the same path, and the next pod is refused.',
      fix: [edit],
    },
  },
  run({ workload, webhook }, say) {
    const { manifest, labels, controller, kind } = workload;
    if (labels[USE_LABEL] !== 'true') return say.skip('the pod does not ask for the webhook');
    if (!manifest?.spec) return say.unseeable('the manifest of the pod is not known');
    const volumes = manifest.spec.volumes ?? [];
    const version = webhook.state === 'present' ? webhook.value.version : null;
    const words = (volume: string, change: string) => ({
      volume,
      path: TOKEN_PATH,
      version: version ?? '',
      change,
      edit: editCommand(controller),
    });
    const seen = (volume: string, expected: string) => ({
      evidence: [{ fact: 'workload', path: `spec.volumes[${volume}]`, observed: volume, expected } as const],
    });
    const copied = volumes.find(({ name }) => name.startsWith(RESERVED));
    // The same name would simply be overwritten; a template's pods have other names than the one it came from.
    if (copied && (version === null || !isLegacy(version)))
      return say(
        kind === 'template' ? 'copied' : 'copiedNext',
        words(
          copied.name,
          `takes out volume ${copied.name}, its mounts and the AZURE_ variables; the webhook adds its own`,
        ),
        seen(copied.name, 'no volume of the webhook in the manifest'),
      );
    const clash = volumes.find(
      ({ name, projected }) =>
        name !== TOKEN_PATH &&
        (projected?.sources ?? []).some(
          ({ serviceAccountToken }) => serviceAccountToken?.path === TOKEN_PATH,
        ),
    );
    if (!clash || version === null || !isLegacy(version)) return say('clear', {});
    return say(
      kind === 'template' ? 'clash' : 'clashNext',
      words(
        clash.name,
        `gives the token in volume ${clash.name} another path than ${TOKEN_PATH}, or takes the volume out`,
      ),
      seen(clash.name, `another path than ${TOKEN_PATH}`),
    );
  },
});
export default check;
