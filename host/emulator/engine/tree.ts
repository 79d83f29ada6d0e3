/** What the parser hands to the compiler. */
export type Expression =
  | { kind: 'value'; value: unknown }
  | { kind: 'unicode'; text: string }
  | { kind: 'name'; name: string }
  | { kind: 'this' }
  | { kind: 'member'; object: Expression; name: string }
  | { kind: 'index'; object: Expression; index: Expression }
  | { kind: 'call'; callee: Expression; args: Expression[] }
  | { kind: 'new'; callee: Expression; args: Expression[] | null }
  | { kind: 'super'; isCall: boolean }
  | { kind: 'object'; entries: Entry[] }
  | { kind: 'array'; elements: (Expression | null)[] }
  | { kind: 'function'; definition: Definition }
  | { kind: 'class'; definition: ClassDefinition }
  | { kind: 'template'; text: string }
  | { kind: 'regex'; source: string; flags: string }
  | { kind: 'group'; items: Expression[] }
  | { kind: 'comma'; items: Expression[] }
  | { kind: 'unary'; operator: string; value: Expression }
  | { kind: 'typeof'; value: Expression }
  | { kind: 'void'; value: Expression }
  | { kind: 'delete'; target: Expression }
  | { kind: 'update'; operator: '+' | '-'; isPrefix: boolean; target: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'logical'; operator: string; left: Expression; right: Expression }
  | { kind: 'choice'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'assign'; operator: string; target: Expression; value: Expression };

export type Entry =
  | { kind: 'value'; key: string; value: Expression }
  | { kind: 'getter' | 'setter'; key: string; value: Definition };

/** A function's text is kept and parsed when it is first called, as the firmware does. */
export interface Definition {
  name: string | undefined;
  parameters: string[];
  source: string;
  isArrow: boolean;
  isReturn: boolean;
  usesThis: boolean;
  line: number;
}

export interface ClassDefinition {
  name: string | undefined;
  parent: string | undefined;
  members: ClassMember[];
}

export interface ClassMember {
  isStatic: boolean;
  kind: 'method' | 'getter' | 'setter' | 'field' | 'constructor';
  name: string;
  method: Definition | undefined;
  value: Expression | undefined;
}

export type Statement =
  | { kind: 'expression'; value: Expression }
  | { kind: 'empty' }
  | { kind: 'block'; body: Statement[] }
  | { kind: 'declare'; type: 'var' | 'let' | 'const'; items: { name: string; value: Expression | null }[] }
  | { kind: 'if'; test: Expression; yes: Statement; no: Statement | null }
  | { kind: 'while'; test: Expression; body: Statement }
  | { kind: 'do'; test: Expression; body: Statement }
  | {
      kind: 'for';
      start: Statement | null;
      test: Expression | null;
      next: Expression | null;
      body: Statement;
    }
  | { kind: 'each'; type: 'in' | 'of'; target: Statement; subject: Expression; body: Statement }
  | { kind: 'switch'; subject: Expression; cases: Case[]; fault: string | null }
  | { kind: 'try'; body: Statement; name: string | null; handler: Statement | null; last: Statement | null }
  | { kind: 'return'; value: Expression | null }
  | { kind: 'throw'; value: Expression }
  | { kind: 'break' }
  | { kind: 'continue' }
  | { kind: 'function'; definition: Definition }
  | { kind: 'class'; definition: ClassDefinition }
  | { kind: 'fault'; message: string; type: 'SyntaxError' | 'Error' };

export interface Case {
  /** null: default. */
  test: Expression | null;
  body: Statement[];
}
