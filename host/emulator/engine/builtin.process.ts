/** process.memory and E's parts that need no hardware. */
import { installE } from './builtin.e.ts';
import { addLibrary } from './builtin.ts';
import type { Engine } from './engine.ts';

export function installProcess(engine: Engine): void {
  addLibrary(engine, 'process', {
    memory: (_self, [collects]) => {
      const { free, usage, total, bytesPerVariable } = engine.memory();
      const result = engine.newObject();
      const gc = collects === false ? {} : { gc: 0, gctime: 0 };
      const members = { free, usage, total, history: 0, ...gc, blocksize: bytesPerVariable };
      for (const [name, value] of Object.entries(members)) result.slots.set(name, value);
      return result;
    },
  });
  installE(engine);
}
