import { readExpected, scenarioNames, worldOf } from '../scenarios.ts';

/** Layers whose faults an exchange can meet, and the values that lead it there. */
const LAYERS = /^(FIC|ENT|TOK|ISS|SA-0[2-7])/;

/** Scenarios that cannot be played here, and why. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  'keys-of-an-elliptic-curve': 'the API server of the tests signs with RSA',
  'other-key-published-under-the-same-id-without-token': 'keys of one id are one key here',
  'other-key-published-under-the-same-id': 'keys of one id are one key here',
  'token-of-entra-presented': 'the Entra of the tests publishes no documents as an issuer',
};

/** Scenarios whose token the Entra of the tests judges. */
export const EXCHANGED: readonly string[] = scenarioNames().filter(
  (name) =>
    !Object.hasOwn(NOT_PLAYED, name) &&
    worldOf(name).facts.exchanges === undefined &&
    // What Entra answered to a program some time ago is another answer than the one of now.
    worldOf(name).facts.errors === undefined &&
    // A token that is exchanged names its issuer, which nobody knows there.
    worldOf(name).facts.apiServerDiscovery?.state !== 'unknown' &&
    readExpected(name).verdict === 'problem' &&
    readExpected(name).rootCauses.some((code) => LAYERS.test(code)) &&
    worldOf(name).facts.target?.state === 'present' &&
    worldOf(name).facts.pod?.state === 'present',
);
