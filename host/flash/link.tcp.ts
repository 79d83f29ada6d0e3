/** A board's console over TCP: an emulated board, or a serial server.
 *
 * 1. A refused or closed connection is a lost link, never a hang. (test/host/flash.link.test.ts)
 */
import { connect, type Socket } from 'node:net';
import { chunkBytesFast, type Link, LinkLost } from './link.ts';

const connectTimeoutMs = 5000;

function opened(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new LinkLost(reason));
    };
    socket.setTimeout(connectTimeoutMs, () => fail(`tcp://${host}:${port} does not answer`));
    socket.once('error', error => fail(error.message));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

export async function openTcp(host: string, port: number): Promise<Link> {
  const socket = await opened(host, port);
  const closed = new Promise<string>(resolve => {
    socket.once('close', () => resolve('the connection was closed'));
  });
  // The close event tells of it.
  socket.on('error', () => undefined);
  return {
    name: `tcp://${host}:${port}`,
    chunkBytes: chunkBytesFast,
    write: bytes =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new LinkLost('the connection was closed'));
        else socket.write(bytes, error => (error ? reject(new LinkLost(error.message)) : resolve()));
      }),
    onData: listener => void socket.on('data', bytes => listener(new Uint8Array(bytes))),
    onClose: listener => void closed.then(listener),
    close: async () => {
      socket.destroy();
      await closed;
    },
  };
}
