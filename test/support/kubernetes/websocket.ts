import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';

import type { Received } from '../https-server.ts';

/** The fixed text of RFC 6455 that turns a client's key into the server's proof. */
const PROOF = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The server's half of a WebSocket, as far as exec needs it: whole binary messages out, anything in. */
export interface WebSocketConnection {
  send(message: Buffer): void;
  close(): void;
}

/** Accepts the upgrade with the first of `protocols` that the client offers; nothing when it offers none. */
export function acceptWebSocket(
  { headers }: Received,
  socket: Duplex,
  protocols: readonly string[],
  onMessage: (message: Buffer) => void,
): (WebSocketConnection & { protocol: string }) | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const protocol = protocols.find((candidate) => offered.includes(candidate));
  const key = headers['sec-websocket-key'];
  if (protocol === undefined || key === undefined) return undefined;
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${createHash('sha1')
        .update(key + PROOF)
        .digest('base64')}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      '\r\n',
    ].join('\r\n'),
  );
  let buffered = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = readFrame(buffered); frame; frame = readFrame(buffered)) {
      buffered = buffered.subarray(frame.length);
      if (frame.opcode === 8) socket.end(writeFrame(8, Buffer.of(0x03, 0xe8)));
      else if (frame.opcode === 9) socket.write(writeFrame(10, frame.payload));
      else if (frame.opcode < 8) onMessage(frame.payload);
    }
  });
  return {
    protocol,
    send: (message) => socket.write(writeFrame(2, message)),
    close: () => socket.end(writeFrame(8, Buffer.of(0x03, 0xe8))),
  };
}

function readFrame(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 2) return undefined;
  const opcode = data.readUInt8(0) & 0x0f;
  const masked = (data.readUInt8(1) & 0x80) !== 0;
  let size = data.readUInt8(1) & 0x7f;
  let offset = 2;
  const extended = size === 126 ? 2 : size === 127 ? 8 : 0;
  if (data.length < offset + extended + (masked ? 4 : 0)) return undefined;
  if (extended === 2) size = data.readUInt16BE(2);
  if (extended === 8) size = Number(data.readBigUInt64BE(2));
  offset += extended;
  const mask = masked ? data.subarray(offset, offset + 4) : Buffer.alloc(4);
  if (masked) offset += 4;
  if (data.length < offset + size) return undefined;
  const payload = Buffer.from(
    data.subarray(offset, offset + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)),
  );
  return { opcode, payload, length: offset + size };
}

function writeFrame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  if (size < 126) head.writeUInt8(size, 1);
  else if (size < 65_536) head.writeUInt16BE(size, head.writeUInt8(126, 1));
  else head.writeBigUInt64BE(BigInt(size), head.writeUInt8(127, 1));
  return Buffer.concat([head, payload]);
}
