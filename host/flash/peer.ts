/** Optional packages: not needed to build or to emulate, so they are loaded only where a real part is. */
import { Failure } from '../cli/failure.ts';

/** `need` says in a sentence what asks for it. */
export async function loadPeer<T>(name: string, need: string): Promise<T> {
  try {
    const loaded = await import(name);
    return (loaded.default ?? loaded) as T;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND') throw new Failure('refused', need, `npm i ${name}`);
    throw new Failure('refused', `${name} does not load: ${message.split('\n')[0]}`, `npm rebuild ${name}`);
  }
}
