/** The far end of a wire that says who it is, answers expressions as told, and keeps what was asked of it. */
import type { Link } from '#host/flash/link.ts';
import { encodePacket, PacketReader } from '#host/flash/packet.ts';

export interface FarEnd {
  open(): Promise<Link>;
  /** Expressions that came, in order. */
  readonly expressions: string[];
}

export interface Says {
  readonly version?: string;
  readonly board?: string;
  /** In place of an answer. */
  readonly prompt?: string;
  readonly silent?: boolean;
  /** A program runs without end: it hears Ctrl-C alone, and the console after that. */
  readonly busy?: boolean;
  /** The response to an expression, as text. */
  answer?(expression: string): string;
}

const latin1 = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

export function farEnd({ version = '2v29', board = 'PUCKJS', prompt, silent, busy, answer }: Says): FarEnd {
  const expressions: string[] = [];
  const who = `mite:${JSON.stringify([version, board, '1234', 'Serial1'])}\r\n>`;
  const open = async (): Promise<Link> => {
    const reader = new PacketReader();
    let isBusy = busy === true;
    let say: (bytes: Uint8Array) => void = () => undefined;
    return {
      name: 'far',
      chunkBytes: 512,
      write: async bytes => {
        if (bytes.includes(3)) isBusy = false;
        for (const piece of reader.push(bytes)) {
          if (piece.is === 'text' && !silent && !isBusy && Buffer.from(piece.bytes).includes('\n'))
            say(latin1(prompt ?? who));
          if (piece.is !== 'packet') continue;
          const expression = Buffer.from(piece.data).toString('latin1').trimEnd();
          expressions.push(expression);
          say(Uint8Array.of(6));
          say(encodePacket('response', latin1(answer?.(expression) ?? 'undefined')));
        }
      },
      onData: listener => {
        say = listener;
      },
      onClose: () => undefined,
      close: async () => undefined,
    };
  };
  return { open, expressions };
}
