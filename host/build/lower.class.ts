/** Lowers classes to functions and objects of members: `let A=class$(function(){...},{m(){...}},Base)`.
 *
 * The engine's own classes keep one value of a field for all instances, find `super` from `this`, which is right for two
 * levels only, pass no static members on, cannot extend an error, and fault where one is read but not run, as in a case of a
 * switch that is not taken. An error keeps its message and loses its base.
 */
import type { AnyNode, CallExpression, Program } from 'acorn';
import { lowerFunction } from './lower.function.ts';
import { Replacement } from './replace.ts';
import {
  childrenOf,
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
type Method = NodeOf<'MethodDefinition'>;

interface Family {
  /** The name of the class above; undefined where there is none, or an error. */
  readonly base: string | undefined;
  readonly isError: boolean;
  readonly fields: readonly Field[];
}

const errors = ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'InternalError'];
const isError = (name: string) => errors.includes(name);

const isField = (member: AnyNode): member is Field => member.type === 'PropertyDefinition' && !member.static;
const isStatic = (member: AnyNode): member is Field | Method => 'static' in member && member.static === true;

const isConstructor = (member: AnyNode | undefined) =>
  member?.type === 'MethodDefinition' && member.kind === 'constructor';

/** A prototype is never asked by index on the engine. */
export const isIndex = (key: AnyNode): boolean => key.type === 'Literal' && /^\d+$/.test(String(key.value));

/** Members that have no other form on the engine: the dialect check refuses them. */
function isOdd(member: AnyNode): boolean {
  if (member.type === 'MethodDefinition' && isIndex(member.key)) return true;
  if (member.type === 'MethodDefinition')
    return member.static && (member.computed || member.kind !== 'method' || member.key.type !== 'Identifier');
  return member.type !== 'PropertyDefinition' || member.computed || member.key.type !== 'Identifier';
}

/** `super(...)` and `super.method(...)` have another form; all else of it has not. */
function hasOddSuper(node: AnyNode): boolean {
  const children = childrenOf(node);
  const isCall = node.type === 'CallExpression';
  return children.some(child => {
    const isCallee = isCall && node.callee === child;
    if (child.type === 'Super') return !isCallee;
    const isMethod = isCallee && child.type === 'MemberExpression' && child.object.type === 'Super';
    return isMethod ? child.computed : hasOddSuper(child);
  });
}

/** More than a message goes nowhere. */
const hasOddError = (node: AnyNode) =>
  [...nodesOf(node)].some(
    each =>
      each.type === 'CallExpression' &&
      each.callee.type === 'Super' &&
      (each.arguments.length > 1 || each.arguments[0]?.type === 'SpreadElement'),
  );

/** Of a builtin only an error can be made a family. */
function familyOf(node: ClassNode, isFree: (node: AnyNode) => boolean): Family | undefined {
  const { superClass, body } = node;
  if (body.body.some(isOdd) || hasOddSuper(body)) return undefined;
  if ([...nodesOf(body)].some(({ type }) => type === 'PrivateIdentifier')) return undefined;
  const fields = body.body.filter(isField);
  if (!superClass) return { base: undefined, isError: false, fields };
  if (superClass.type !== 'Identifier') return undefined;
  if (!isFree(superClass)) return { base: superClass.name, isError: false, fields };
  if (!isError(superClass.name) || hasOddError(body)) return undefined;
  return { base: undefined, isError: true, fields };
}

const assignments = (fields: readonly Field[], rewriter: Rewriter): Output[] =>
  fields.map(
    ({ key, value }) => out`this.${rewriter.text(key)}=${value ? rewriter.emit(value) : 'undefined'}`,
  );

const statements = (outputs: readonly Output[]): Output => outputs.map(output => out`${output};`);

/** What a class without a constructor of its own does when it is made. */
function defaultConstructor({ base, isError, fields }: Family, rewriter: Rewriter): Output {
  const first = isError ? 'this.message=m;' : base ? `${base}.apply(this,arguments);` : '';
  return out`function(${isError ? 'm' : ''}){${first}${statements(assignments(fields, rewriter))}}`;
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

const makeText =
  '(make,members,base){make.prototype=members;members.constructor=make;if(base){Object.setPrototypeOf(members,base.prototype);for(let key of Object.keys(base))if(!(key in make))make[key]=base[key]}return make}';

/** The class whose member is under way, and whether that member is static; the innermost last. */
type Place = { readonly family: Family | undefined; isStatic: boolean };

class Classes {
  readonly #places: Place[] = [];
  readonly names = new Replacement();
  readonly #scopes: Scopes;
  readonly #free: ReadonlySet<AnyNode>;

  constructor(program: Program) {
    this.#scopes = analyze(program);
    this.#free = new Set(this.#scopes.free.map(use => use.node));
  }

  lowerClass(node: ClassNode, rewriter: Rewriter): Output | undefined {
    const family = familyOf(node, each => this.#free.has(each));
    this.#places.push({ family, isStatic: false });
    const made = family && this.#rewrite(node, family, rewriter);
    const copied = made ?? rewriter.copy(node);
    this.#places.pop();
    return copied;
  }

  #rewrite(node: ClassNode, family: Family, rewriter: Rewriter): Output {
    if (node.type === 'ClassDeclaration') {
      const name = node.id!.name;
      return [
        out`let ${name}=${this.#make(node, family, rewriter)};`,
        statements(this.#statics(node, name, rewriter)),
      ];
    }
    const own = node.id && this.#scopes.of.get(node)?.variables.get(node.id.name);
    if (!own?.uses.length && !node.body.body.some(isStatic)) return this.#make(node, family, rewriter);
    // The members of a class expression see its name, and static members are set on it.
    const held = rewriter.temporary(own?.name);
    this.names.set(own?.uses.map(use => use.node) ?? [], held);
    const parts = [
      out`${held}=${this.#make(node, family, rewriter)}`,
      ...this.#statics(node, held, rewriter),
      held,
    ];
    return out`(${join(parts, ',')})`;
  }

  #make({ body }: ClassNode, family: Family, rewriter: Rewriter): Output {
    const maker = body.body.find(isConstructor) as Method | undefined;
    const make = maker ? out`function${rewriter.emit(maker.value)}` : defaultConstructor(family, rewriter);
    const methods = body.body.filter(
      member => member.type === 'MethodDefinition' && !member.static && member !== maker,
    );
    if (!methods.length && !family.base) return out`(${make})`;
    const members = join(
      methods.map(member => rewriter.emit(member)),
      ',',
    );
    const helper = rewriter.helper('class', makeText);
    return out`${helper}(${make},{${members}}${family.base ? `,${family.base}` : ''})`;
  }

  #statics({ body }: ClassNode, name: string, rewriter: Rewriter): Output[] {
    this.#places.at(-1)!.isStatic = true;
    const made = body.body.filter(isStatic).map(({ type, key, value }) => {
      const text = value ? rewriter.emit(value) : 'undefined';
      return out`${name}.${rewriter.text(key)}=${type === 'MethodDefinition' ? 'function' : ''}${text}`;
    });
    this.#places.at(-1)!.isStatic = false;
    return made;
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
  return {
    ...classes.names.rules,
    ClassDeclaration: lowerClass,
    ClassExpression: lowerClass,
    FunctionDeclaration: lowerAny,
    FunctionExpression: lowerAny,
    ArrowFunctionExpression: lowerAny,
    CallExpression: (node, rewriter) => classes.lowerCall(node, rewriter),
  };
}
