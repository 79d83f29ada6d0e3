/** A small RFC 8610 validator over the syntax tree of the npm package `cddl`, for values decoded by `cbor2`.
 *
 * It knows the part of CDDL that mite.cddl uses and throws on any other.
 */
import { parse } from 'cddl';

type Node = unknown;
type Rules = ReadonlyMap<string, Node>;

/** What is wrong, and where; nothing where the value fits. */
export type Verdict = string | undefined;

interface Member {
  readonly Name: string;
  /** True for `key: type`, whose key is text; false for `type => type`. */
  readonly HasCut: boolean;
  readonly Occurrence: { readonly n: number; readonly m: number };
  readonly Type: Node;
}

function field<T>(node: Node, name: string): T | undefined {
  return typeof node === 'object' && node !== null
    ? ((node as Record<string, unknown>)[name] as T)
    : undefined;
}

export function readRules(path: string): Rules {
  const rules = new Map<string, Node>();
  for (const assignment of parse(path)) {
    if (rules.has(assignment.Name)) throw new Error(`${assignment.Name} is defined twice`);
    rules.set(assignment.Name, assignment);
  }
  return rules;
}

function bound(node: Node): number {
  const value = typeof node === 'number' ? node : field<number>(node, 'Value');
  if (typeof value !== 'number') throw new Error(`no bound: ${JSON.stringify(node)}`);
  return value;
}

/** Least and most of a literal number or of a range. */
function span(node: Node): { least: number; most: number } {
  const range = field<{ Min: Node; Max: Node; Inclusive: boolean }>(node, 'Value');
  if (field(node, 'Type') !== 'range' || !range) return { least: bound(node), most: bound(node) };
  if (!range.Inclusive) throw new Error('only inclusive ranges are used');
  return { least: bound(range.Min), most: bound(range.Max) };
}

export class Grammar {
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  names(): string[] {
    return [...this.#rules.keys()];
  }

  #rule(name: string): Node {
    const rule = this.#rules.get(name);
    if (rule === undefined) throw new Error(`no rule ${name}`);
    return rule;
  }

  validate(name: string, value: unknown): Verdict {
    return this.#check(this.#rule(name), value, name);
  }

  #check(node: Node, value: unknown, path: string): Verdict {
    if (Array.isArray(node)) {
      const verdicts = node.map(choice => this.#check(choice, value, path));
      return verdicts.includes(undefined) ? undefined : verdicts.join(' and ');
    }
    if (typeof node === 'string') return this.#checkNative(node, undefined, value, path);
    const operator = field<Node>(node, 'Operator');
    const type = field<Node>(node, 'Type');
    if (operator !== undefined) return this.#checkNative(type as string, operator, value, path);
    switch (type) {
      case 'variable':
        return this.#check(field(node, 'PropertyType'), value, path);
      case 'array':
        return this.#checkArray(field<Member[]>(node, 'Values')!, value, path);
      case 'literal':
        return value === field(node, 'Value') ? undefined : `${path}: not ${field(node, 'Value')}`;
      case 'range': {
        const { least, most } = span(node);
        const fits = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
        return fits ? undefined : `${path}: not in ${least}..${most}`;
      }
      case 'tag':
        return this.#checkTag(field(node, 'Value'), value, path);
      case 'group': {
        const members = field<Member[]>(node, 'Properties');
        if (members) return this.#checkMap(members, value, path);
        return this.#check(this.#rule(field<string>(node, 'Value')!), value, path);
      }
      default:
        throw new Error(`unknown node ${JSON.stringify(node)}`);
    }
  }

  #checkNative(type: string, operator: Node, value: unknown, path: string): Verdict {
    const lengths: Record<string, () => number | undefined> = {
      bstr: () => (value instanceof Uint8Array ? value.length : undefined),
      tstr: () => (typeof value === 'string' ? Buffer.byteLength(value) : undefined),
      bool: () => (typeof value === 'boolean' ? 0 : undefined),
      null: () => (value === null ? 0 : undefined),
    };
    const length = lengths[type];
    if (!length) throw new Error(`unknown type ${type}`);
    const found = length();
    if (found === undefined) return `${path}: not a ${type}`;
    if (operator === undefined) return undefined;
    if (field(operator, 'Type') !== 'size') throw new Error('only .size is used');
    const { least, most } = span(field(operator, 'Value'));
    return found >= least && found <= most ? undefined : `${path}: ${found} bytes, not ${least}..${most}`;
  }

  #checkTag(tag: Node, value: unknown, path: string): Verdict {
    const number = Math.round((field<number>(tag, 'NumericPart')! - 6) * 100);
    if (field(value, 'tag') !== number) return `${path}: not tag ${number}`;
    return this.#check(field(tag, 'TypePart'), field(value, 'contents'), path);
  }

  /** Items in order; a repeated member is the only one of its array, so that no choice is left. */
  #checkArray(members: readonly Member[], value: unknown, path: string): Verdict {
    if (!Array.isArray(value)) return `${path}: not an array`;
    const [first] = members;
    const { n, m } = first!.Occurrence;
    if (n !== 1 || m !== 1) {
      if (members.length !== 1) throw new Error('a repeated member among others');
      if (value.length < n || value.length > m) return `${path}: ${value.length} items, not ${n}..${m}`;
      return value.map((item, i) => this.#check(first!.Type, item, `${path}[${i}]`)).find(Boolean);
    }
    if (value.length !== members.length) return `${path}: ${value.length} items, not ${members.length}`;
    return members
      .map((member, i) => this.#check(member.Type, value[i], `${path}.${member.Name}`))
      .find(Boolean);
  }

  #checkMap(members: readonly Member[], value: unknown, path: string): Verdict {
    if (!(value instanceof Map)) return `${path}: not a map`;
    if (value.size !== members.length) return `${path}: ${value.size} entries, not ${members.length}`;
    for (const member of members) {
      if (member.HasCut) throw new Error('text keys are not used');
      const key = bound(field<Node[]>(this.#rule(member.Name), 'PropertyType')![0]);
      if (!value.has(key)) return `${path}: no ${member.Name}`;
      const verdict = this.#check(member.Type, value.get(key), `${path}.${member.Name}`);
      if (verdict) return verdict;
    }
    return undefined;
  }

  /** The longest value of a rule: what the greatest length of its kind must cover. */
  longest(name: string): unknown {
    return this.#longest(this.#rule(name));
  }

  #longest(node: Node): unknown {
    if (Array.isArray(node)) return this.#longest(node[0]);
    const operator = field<Node>(node, 'Operator');
    if (operator !== undefined) {
      const { most } = span(field(operator, 'Value'));
      return field(node, 'Type') === 'tstr' ? 'x'.repeat(most) : new Uint8Array(most).fill(1);
    }
    if (node === 'bool') return true;
    const type = field<string>(node, 'Type');
    if (type === 'variable') return this.#longest(field(node, 'PropertyType'));
    if (type === 'literal' || type === 'range') return span(node).most;
    if (type === 'array')
      return field<Member[]>(node, 'Values')!.flatMap(member =>
        Array.from({ length: member.Occurrence.m }, () => this.#longest(member.Type)),
      );
    const members = field<Member[]>(node, 'Properties');
    if (!members) return this.longest(field<string>(node, 'Value')!);
    const entries = members.map(
      member =>
        [
          bound(field<Node[]>(this.#rule(member.Name), 'PropertyType')![0]),
          this.#longest(member.Type),
        ] as const,
    );
    return new Map(entries);
  }
}
