/** Puts a console behind a TCP port: how an emulated board is reached by `flash`, `monitor` and other people's tools.
 *
 * 1. What the console prints while nobody is connected is not kept, as on a wire. (test/host/flash.link.test.ts)
 */
import { createServer, type Socket } from 'node:net';

/** One end of a console: a board's. */
export interface Console {
  write(bytes: Uint8Array): void;
  /** Answers with what ends it. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
}

export interface Served {
  readonly port: number;
  close(): Promise<void>;
  /** Drops who is connected, as a pulled plug does. */
  drop(): void;
}

/** `port` 0 takes a free one. Only this machine reaches it: a console asks for no password. */
export async function serveConsole(console: Console, port = 0): Promise<Served> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('data', bytes => console.write(new Uint8Array(bytes)));
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  const end = console.onData(bytes => {
    for (const socket of sockets) socket.write(bytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    drop,
    close: () =>
      new Promise(resolve => {
        end();
        drop();
        server.close(() => resolve());
      }),
  };
}
