/**
 * kubectl writes its reviews and token requests as protobuf, and a server that declined would be spoken to no
 * more: just enough of the format is read here to understand those few messages. Answers stay JSON.
 */

/** A message as field number → name, or name and the message inside; `[]` marks a list of strings. */
interface Message {
  [field: number]: string | [string, Message];
}

const MAGIC = Buffer.from('k8s\0');
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

const ATTRIBUTES: Message = {
  1: 'namespace',
  2: 'verb',
  3: 'group',
  4: 'version',
  5: 'resource',
  6: 'subresource',
  7: 'name',
};
const ACCESS_REVIEW: Message = {
  2: [
    'spec',
    { 1: ['resourceAttributes', ATTRIBUTES], 2: ['nonResourceAttributes', { 1: 'path', 2: 'verb' }] },
  ],
};

const MESSAGES: Record<string, Message> = {
  TokenRequest: {
    2: [
      'spec',
      {
        1: 'audiences[]',
        3: ['boundObjectRef', { 1: 'kind', 2: 'apiVersion', 3: 'name', 4: 'uid' }],
        4: 'expirationSeconds',
      },
    ],
  },
  SelfSubjectAccessReview: ACCESS_REVIEW,
  SelfSubjectRulesReview: { 2: ['spec', { 1: 'namespace' }] },
  SelfSubjectReview: {},
};

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The object in a Kubernetes protobuf envelope; throws on kinds that nobody sends here. */
export function decodeProtobuf(data: Buffer): Record<string, unknown> {
  if (!data.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('no Kubernetes protobuf');
  const envelope = read(data.subarray(MAGIC.length), {
    1: ['type', { 1: 'apiVersion', 2: 'kind' }],
    2: 'raw',
  });
  const { apiVersion, kind } = envelope['type'] as { apiVersion: string; kind: string };
  const message = MESSAGES[kind];
  if (!message) throw new Error(`no protobuf description of ${kind}`);
  return {
    apiVersion,
    kind,
    ...read(Buffer.from((envelope['raw'] as string | undefined) ?? '', 'latin1'), message),
  };
}

function read(data: Buffer, message: Message): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  let offset = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = data.readUInt8(offset++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (offset < data.length) {
    const tag = varint();
    const field = message[tag >> 3];
    const wire = tag & 7;
    if (wire === VARINT) {
      const value = varint();
      if (typeof field === 'string') object[field] = value;
    } else if (wire === BYTES) {
      const size = varint();
      const bytes = data.subarray(offset, offset + size);
      offset += size;
      put(object, field, bytes);
    } else {
      offset += wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : data.length;
    }
  }
  return object;
}

function put(object: Record<string, unknown>, field: Message[number] | undefined, bytes: Buffer): void {
  if (field === undefined) return;
  if (typeof field !== 'string') {
    const [name, message] = field;
    object[name] = read(bytes, message);
  } else if (field.endsWith('[]')) {
    const name = field.slice(0, -2);
    object[name] = [...((object[name] as string[] | undefined) ?? []), bytes.toString('utf8')];
  } else {
    object[field] = field === 'raw' ? bytes.toString('latin1') : bytes.toString('utf8');
  }
}
