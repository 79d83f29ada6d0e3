/** Modules in memory: sources transpiled once, evaluated afresh only where something they stand on was changed. */
import { createRequire } from 'node:module';
import { posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import ts from 'typescript';

export type Exports = Record<string, unknown>;
type Wrapper = (exports: Exports, require: (name: string) => unknown, module: object) => void;

interface Compiled {
  readonly run: Wrapper;
  readonly imports: readonly string[];
}

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  isolatedModules: true,
};

function resolveName(from: string, name: string): string | undefined {
  if (name.startsWith('#')) return name.slice(1);
  return name.startsWith('.') ? posix.join(posix.dirname(from), name) : undefined;
}

function addressOf(require: NodeJS.Require, name: string): string {
  return name.startsWith('node:') ? name : pathToFileURL(require.resolve(name)).href;
}

export class Graph {
  readonly #root: string;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #externals = new Map<string, unknown>();
  readonly #compiled = new Map<string, Compiled>();
  readonly #pristine = new Map<string, Exports>();
  /** Changes what a module exports, such as by keeping results. */
  readonly adapters = new Map<string, (exports: Exports, pristine: boolean) => Exports>();

  constructor(root: string, texts: ReadonlyMap<string, string>) {
    this.#root = root;
    this.#texts = texts;
  }

  compile(path: string, text: string): Compiled {
    const url = JSON.stringify(pathToFileURL(resolve(this.#root, path)).href);
    const { outputText } = ts.transpileModule(text.replaceAll('import.meta.url', url), {
      compilerOptions: options,
      fileName: path,
    });
    const script = new vm.Script(`(function (exports, require, module) {${outputText}\n})`, {
      filename: path,
    });
    const imports = [...outputText.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!);
    return { run: script.runInThisContext() as Wrapper, imports };
  }

  #compiledOf(path: string): Compiled {
    const known = this.#compiled.get(path);
    if (known) return known;
    const text = this.#texts.get(path);
    if (text === undefined) throw new Error(`${path} is not in memory`);
    const compiled = this.compile(path, text);
    this.#compiled.set(path, compiled);
    return compiled;
  }

  /** Every module below a path, and it. */
  below(path: string, seen = new Set<string>()): Set<string> {
    if (seen.has(path) || path.endsWith('.json')) return seen;
    seen.add(path);
    for (const name of this.#compiledOf(path).imports) {
      const inner = resolveName(path, name);
      if (inner) this.below(inner, seen);
    }
    return seen;
  }

  /** Loads packages that the modules below a path take, so that evaluation needs no waiting. */
  async prepare(path: string, given: Readonly<Record<string, unknown>>): Promise<void> {
    const require = createRequire(resolve(this.#root, 'package.json'));
    for (const module of this.below(path))
      for (const name of this.#compiledOf(module).imports) {
        if (resolveName(module, name) || this.#externals.has(name)) continue;
        this.#externals.set(name, name in given ? given[name] : await import(addressOf(require, name)));
      }
  }

  /** The module as it is, or above another one that is replaced by its mutant. */
  load(path: string, changed?: { readonly path: string; readonly module: Compiled }): Exports {
    const fresh = new Map<string, Exports>();
    const stale = new Map<string, boolean>();
    const isStale = (at: string): boolean => {
      if (!changed) return false;
      const known = stale.get(at);
      if (known !== undefined) return known;
      const answer = this.below(at).has(changed.path);
      stale.set(at, answer);
      return answer;
    };
    const evaluate = (at: string): Exports => {
      const table = isStale(at) ? fresh : this.#pristine;
      const known = table.get(at);
      if (known) return known;
      if (at.endsWith('.json')) return { default: JSON.parse(this.#texts.get(at)!) };
      const { run } = changed?.path === at ? changed.module : this.#compiledOf(at);
      const module = { exports: {} as Exports };
      table.set(at, module.exports);
      try {
        run(module.exports, name => this.#require(at, name, evaluate), module);
      } catch (error) {
        table.delete(at);
        throw error;
      }
      const adapted = this.adapters.get(at)?.(module.exports, table === this.#pristine);
      if (adapted) table.set(at, adapted);
      return table.get(at)!;
    };
    return evaluate(path);
  }

  /** Forgets a module that was loaded as it is: the next load evaluates it again. */
  forget(path: string): void {
    this.#pristine.delete(path);
  }

  #require(from: string, name: string, evaluate: (path: string) => Exports): unknown {
    const inner = resolveName(from, name);
    return inner ? evaluate(inner) : this.#externals.get(name);
  }
}
