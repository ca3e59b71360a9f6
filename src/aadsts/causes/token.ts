import type { CauseTexts } from './entry.ts';

const VOLUMES =
  "kubectl get pod POD -n {namespace} -o jsonpath='{.spec.volumes[*].projected.sources[*].serviceAccountToken}'";

/** The projected token and what its issuer publishes. */
export const TOKEN_AND_ISSUER: CauseTexts = {
  'TOK-01': {
    title: 'the projected token has another audience than the credential expects',
    confirm: VOLUMES,
    fix: 'Let the webhook project the token (label azure.workload.identity/use: "true" on the pod), or set the audience of the volume to the one of the credential.',
  },
  'TOK-02': {
    title: "the pod's default API token is used",
    confirm:
      'Does anything point at /var/run/secrets/kubernetes.io/serviceaccount/token?\nkubectl get pod POD -n {namespace} -o yaml | grep -n kubernetes.io/serviceaccount',
    fix: 'Read the file named by AZURE_FEDERATED_TOKEN_FILE.',
  },
  'TOK-03': {
    title: 'the token is made to live longer than 25 hours',
    confirm: VOLUMES,
    fix: 'Ask for 86400 seconds at most:\nkubectl annotate sa {serviceAccount} -n {namespace} azure.workload.identity/service-account-token-expiration=86400 --overwrite',
  },
  'TOK-04': {
    title: 'the token has several audiences',
    confirm: 'wi-doctor token FILE\nThe claim aud must be a list of one.',
    fix: 'Request the token with a single audience.',
  },
  'TOK-05': {
    title: 'the token had expired when it was sent',
    confirm:
      'Compare expiry and current time in the message, then the expiry of the file on disk:\nkubectl exec POD -n {namespace} -c CONTAINER -- sh -c \'cat "$AZURE_FEDERATED_TOKEN_FILE"\' | wi-doctor token -',
    fix: 'If the file is fresh, the program keeps an old copy: make it read the file at each exchange, and restart it until then:\nkubectl rollout restart deployment/DEPLOYMENT -n {namespace}',
  },
  'TOK-06': {
    title: 'the clock of the API server is off',
    confirm:
      'The start of validity lies after the current time of the message. Compare with the Date header of Entra:\ncurl -sI https://login.microsoftonline.com | grep -i ^date\ndate -u',
    fix: 'Repair time synchronisation (NTP) on the control plane nodes.',
  },
  'TOK-07': {
    title: 'the kubelet could not renew the token',
    confirm:
      'Then the file on disk is expired too:\nkubectl describe pod POD -n {namespace}\nkubectl get events -n {namespace} --field-selector involvedObject.name=POD',
    fix: "Repair the node's way to the API server, or re-create the missing service account; then delete the pod.",
  },
  'TOK-08': {
    title: 'a legacy secret token is used',
    confirm: 'wi-doctor token FILE\nIts issuer is kubernetes/serviceaccount and it never expires.',
    fix: 'Use a projected token: label the pod template with azure.workload.identity/use: "true".',
  },
  'TOK-09': {
    title: 'the token is not signed as Entra needs it (RS256 with a key id)',
    confirm: 'wi-doctor token FILE\nLook at alg and kid.',
    fix: 'Give the API server an RSA key for service accounts (--service-account-signing-key-file), publish it, restart the pods.',
  },
  'TOK-10': {
    title: 'the file holds no token',
    confirm:
      'Three parts with dots between them are right; nothing, quotes, a newline or a path are not:\nkubectl exec POD -n {namespace} -c CONTAINER -- sh -c \'cat "$AZURE_FEDERATED_TOKEN_FILE"\' | wi-doctor token -',
    fix: 'Hand over the content of the file, not its path, and nothing around it.',
  },
  'TOK-11': {
    title: 'the token belongs to another pod or service account',
    confirm:
      "kubectl get pod POD -n {namespace} -o jsonpath='{.spec.serviceAccountName}'\nIt has to be {serviceAccount}.",
    fix: 'Look at the program that presented this token; operators request tokens for other service accounts.',
  },
  'ISS-01': {
    title: 'the discovery document of the issuer cannot be fetched from the internet',
    confirm:
      'From outside the cluster network:\ncurl -sSi {wellKnown}\nExpected: 200, JSON, and an "issuer" equal to the token\'s.',
    fix: 'On AKS, reconcile the cluster:\naz aks update -g RESOURCE_GROUP -n CLUSTER\nOtherwise publish discovery document and keys where the internet can read them. A single failure among many only needs a retry.',
  },
  'ISS-02': {
    title: 'the discovery document names another issuer than the token',
    confirm: 'curl -sS {wellKnown}\nIts "issuer" has to equal {issuer} byte for byte.',
    fix: 'Publish the document again with the issuer of the token, or set --service-account-issuer to what is published.',
  },
  'ISS-03': {
    title: 'the signing key is not in the published key set',
    confirm:
      'Compare the kid of the token with the published keys:\nwi-doctor token FILE\nkubectl get --raw /openid/v1/jwks\ncurl -sS {wellKnown}',
    fix: 'Self-managed: upload the key set of the cluster again (azwi jwks). AKS: wait for the rotation to settle, then restart the pods.',
  },
  'ISS-04': {
    title: 'the uploaded key set is that of an earlier cluster or key',
    confirm:
      'None of the kids here may be missing from what is published:\nkubectl get --raw /openid/v1/jwks',
    fix: 'azwi jwks --public-keys sa.pub --output-file jwks.json\nUpload it to the jwks_uri of the discovery document.',
  },
  'ISS-05': {
    title: 'a firewall or private endpoint guards the storage of the documents',
    confirm: 'From outside the network:\ncurl -sSi {wellKnown}\n403 or a time-out shows it.',
    fix: 'Keep the container with the two documents readable for everyone on the internet.',
  },
  'ISS-06': {
    title: 'the issuer has no publicly trusted certificate, or is http only',
    confirm: 'curl -sSv {wellKnown} -o /dev/null',
    fix: 'Serve the documents over https with a certificate of a public authority.',
  },
  'ISS-07': {
    title: 'the discovery document is malformed or redirects',
    confirm: 'curl -sSi {wellKnown}\nExpected: 200, application/json, members issuer and jwks_uri.',
    fix: 'Publish a valid document; compare it with kubectl get --raw /.well-known/openid-configuration.',
  },
  'ISS-08': {
    title: 'the signing key was rotated under a running pod',
    confirm: 'Did it begin all at once, in pods older than the rotation? Newer pods work.',
    fix: 'kubectl rollout restart deployment/DEPLOYMENT -n {namespace}',
  },
};
