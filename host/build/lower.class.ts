/** Lowers classes: fields go into the constructor, as the engine keeps one value of a field for all instances; `extends`
 * becomes a link between prototypes and `super` a call by name, as the engine's own `super` is right for two levels only.
 *
 * An error keeps its message and loses its base: classes cannot extend builtins on the engine.
 */
import type { AnyNode, CallExpression, Program } from 'acorn';
import { isBuiltin } from './dialect.globals.ts';
import { lowerFunction } from './lower.function.ts';
import { Replacement } from './replace.ts';
import {
  type FunctionNode,
  join,
  type NodeOf,
  nodesOf,
  type Output,
  out,
  type Rewriter,
  type Rules,
} from './rewrite.ts';
import { analyze, type Scopes } from './scope.ts';

type ClassNode = NodeOf<'ClassDeclaration' | 'ClassExpression'>;
type Field = NodeOf<'PropertyDefinition'>;

interface Family {
  /** The name of the class above; undefined where there is none, or an error. */
  readonly base: string | undefined;
  readonly isError: boolean;
  readonly fields: readonly Field[];
}

const errors = ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'InternalError'];
const isError = (name: string) => errors.includes(name);

const isField = (member: AnyNode): member is Field =>
  member.type === 'PropertyDefinition' &&
  !member.static &&
  !member.computed &&
  member.key.type === 'Identifier';

const isConstructor = (member: AnyNode | undefined) =>
  member?.type === 'MethodDefinition' && member.kind === 'constructor';

function familyOf(node: ClassNode): Family | undefined {
  const { superClass, body } = node;
  const fields = body.body.filter(isField);
  if (!superClass) return { base: undefined, isError: false, fields };
  if (superClass.type !== 'Identifier') return undefined;
  if (isBuiltin(superClass.name) && !isError(superClass.name)) return undefined;
  return isError(superClass.name)
    ? { base: undefined, isError: true, fields }
    : { base: superClass.name, isError: false, fields };
}

/** Static members of every class of the program, by name. */
function staticsOf(program: AnyNode): ReadonlyMap<string, readonly string[]> {
  const statics = new Map<string, readonly string[]>();
  for (const node of nodesOf(program)) {
    const named = node.type === 'VariableDeclarator' ? node.init : node;
    if (named?.type !== 'ClassDeclaration' && named?.type !== 'ClassExpression') continue;
    const id = node.type === 'VariableDeclarator' ? node.id : named.id;
    if (id?.type !== 'Identifier') continue;
    const own = named.body.body.flatMap(member =>
      'static' in member && member.static && member.key.type === 'Identifier' ? [member.key.name] : [],
    );
    const inherited =
      named.superClass?.type === 'Identifier' ? statics.get(named.superClass.name) : undefined;
    statics.set(id.name, [...new Set([...own, ...(inherited ?? [])])]);
  }
  return statics;
}

const assignments = (fields: readonly Field[], rewriter: Rewriter): Output[] =>
  fields.map(
    ({ key, value }) => out`this.${rewriter.text(key)}=${value ? rewriter.emit(value) : 'undefined'}`,
  );

const statements = (outputs: readonly Output[]): Output => outputs.map(output => out`${output};`);

/** What a class without a constructor of its own does when it is made. */
function defaultConstructor({ base, isError, fields }: Family, rewriter: Rewriter): Output {
  const first = isError ? 'this.message=m;' : base ? `${base}.apply(this,arguments);` : '';
  if (!first && !fields.length) return '';
  return out`constructor(${isError ? 'm' : ''}){${first}${statements(assignments(fields, rewriter))}}`;
}

function callBase(node: CallExpression, callee: string, rewriter: Rewriter): Output {
  const values = join(
    node.arguments.map(each => rewriter.emit(each)),
    ',',
  );
  if (node.arguments.some(({ type }) => type === 'SpreadElement'))
    return out`${callee}.apply(this,[${values}])`;
  return out`${callee}.call(this${node.arguments.length ? ',' : ''}${values})`;
}

/** The class whose member is under way, and whether that member is static; the innermost last. */
type Place = { readonly family: Family | undefined; isStatic: boolean };

class Classes {
  readonly #places: Place[] = [];
  readonly names = new Replacement();
  readonly #scopes: Scopes;
  readonly #statics: ReadonlyMap<string, readonly string[]>;

  constructor(program: Program) {
    this.#statics = staticsOf(program);
    this.#scopes = analyze(program);
  }

  lowerClass(node: ClassNode, rewriter: Rewriter): Output | undefined {
    const family = familyOf(node);
    this.#places.push({ family, isStatic: false });
    const made = family && this.#rewrite(node, family, rewriter);
    const copied = made ?? rewriter.copy(node);
    this.#places.pop();
    return copied;
  }

  /** Members of a class expression do not see its own name on the engine: a variable around it does. */
  #nameOf(node: ClassNode, rewriter: Rewriter): { name: string; holder: string } {
    if (node.type === 'ClassDeclaration') return { name: ` ${node.id!.name}`, holder: '' };
    const own = node.id && this.#scopes.of.get(node)?.variables.get(node.id.name);
    if (!own?.uses.length) return { name: '', holder: '' };
    const held = rewriter.temporary(own.name);
    this.names.set(
      own.uses.map(use => use.node),
      held,
    );
    return { name: '', holder: `${held}=` };
  }

  #rewrite(node: ClassNode, family: Family, rewriter: Rewriter): Output {
    const { name, holder } = this.#nameOf(node, rewriter);
    const kept = node.body.body.filter(member => !isField(member));
    const own = kept.some(isConstructor) ? '' : defaultConstructor(family, rewriter);
    const text = out`${holder}class${name}{${own}${kept.map(member => rewriter.emit(member))}}`;
    const { base } = family;
    if (!base) return holder ? out`(${text})` : text;
    if (node.type === 'ClassExpression' || !node.id) {
      const extend = rewriter.helper('extend', this.#extendText());
      return out`${extend}(${text},${base})`;
    }
    const link = `Object.setPrototypeOf(${node.id.name}.prototype,${base}.prototype);`;
    return [text, link, this.#copyStatics(node, base)];
  }

  #extendText(): string {
    return '(made,base){Object.setPrototypeOf(made.prototype,base.prototype);for(let key of Object.keys(base))if(!(key in made))made[key]=base[key];return made}';
  }

  #copyStatics({ id, body }: ClassNode, base: string): string {
    const own = new Set(
      body.body.map(member => ('key' in member && member.key.type === 'Identifier' ? member.key.name : '')),
    );
    const names = (this.#statics.get(base) ?? []).filter(name => !own.has(name));
    return names.map(name => `${id!.name}.${name}=${base}.${name};`).join('');
  }

  lowerMember(node: NodeOf<'MethodDefinition' | 'PropertyDefinition'>, rewriter: Rewriter): Output {
    const place = this.#places.at(-1)!;
    place.isStatic = node.static;
    if (node.type === 'MethodDefinition') return rewriter.copy(node);
    if (node.value) return out`${rewriter.copyBetween(node, node.start, node.value.end)};`;
    return out`${rewriter.copyBetween(node, node.start, node.key.end)}=undefined;`;
  }

  lowerFunction(node: FunctionNode, rewriter: Rewriter): Output | undefined {
    const family = this.#places.at(-1)?.family;
    const isMaker = isConstructor(rewriter.parentOf(node)) && family && !family.base && !family.isError;
    return lowerFunction(node, rewriter, isMaker ? statements(assignments(family.fields, rewriter)) : '');
  }

  lowerCall(node: CallExpression, rewriter: Rewriter): Output | undefined {
    const { callee } = node;
    const place = this.#places.at(-1);
    if (callee.type === 'Super' && place?.family) return this.#lowerSuper(node, place.family, rewriter);
    if (callee.type !== 'MemberExpression' || callee.object.type !== 'Super' || !place?.family?.base)
      return undefined;
    if (callee.computed || callee.property.type !== 'Identifier') return undefined;
    const home = place.isStatic ? place.family.base : `${place.family.base}.prototype`;
    return callBase(node, `${home}.${callee.property.name}`, rewriter);
  }

  #lowerSuper(
    node: CallExpression,
    { base, isError, fields }: Family,
    rewriter: Rewriter,
  ): Output | undefined {
    const [message] = node.arguments;
    if (isError && (node.arguments.length > 1 || message?.type === 'SpreadElement')) return undefined;
    if (!isError && !base) return undefined;
    const first = isError
      ? out`this.message=${message ? rewriter.emit(message) : '""'}`
      : callBase(node, base!, rewriter);
    return fields.length ? out`(${join([first, ...assignments(fields, rewriter)], ',')})` : first;
  }
}

export function classRules(program: Program): Rules {
  const classes = new Classes(program);
  const lowerClass = (node: ClassNode, rewriter: Rewriter) => classes.lowerClass(node, rewriter);
  const lowerAny = (node: FunctionNode, rewriter: Rewriter) => classes.lowerFunction(node, rewriter);
  const lowerMember: Rules['MethodDefinition'] & Rules['PropertyDefinition'] = (
    node: NodeOf<'MethodDefinition' | 'PropertyDefinition'>,
    rewriter: Rewriter,
  ) => classes.lowerMember(node, rewriter);
  return {
    ...classes.names.rules,
    ClassDeclaration: lowerClass,
    ClassExpression: lowerClass,
    MethodDefinition: lowerMember,
    PropertyDefinition: lowerMember,
    FunctionDeclaration: lowerAny,
    FunctionExpression: lowerAny,
    ArrowFunctionExpression: lowerAny,
    CallExpression: (node, rewriter) => classes.lowerCall(node, rewriter),
  };
}
