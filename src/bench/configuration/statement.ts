// The vocabulary of the schema: what kinds of statements Junos has and how each is written. A schema is
// data (schema*.ts, made with the constructors below); this file turns it into linked statements on first
// use, which also lets `groups` hold the whole schema again. Checking of values is value-types.ts.

import type { ValueType } from './value-types.ts';

export type StatementKind = 'container' | 'list' | 'leaf' | 'leaf-list' | 'flag';

export type Block = Readonly<Record<string, Shape>>;

/** One statement as the schema files write it, without its name. */
export interface Shape {
  readonly kind: StatementKind;
  /** Of a leaf's or leaf-list's value, or of a list's key. */
  readonly type?: ValueType;
  readonly children?: Block | (() => Block);
  /** The element's name is not written in text and set form: `interface`, `data`, `contents`, `value`. */
  readonly elided?: true;
  /** Text form puts the entries of a list in one pair of braces: `groups { re0 { ... } }`. */
  readonly grouped?: true;
  /** Text form writes an entry and its children on one line: `host1 inet 192.0.2.1;`. */
  readonly oneLine?: true;
  /** Text form writes a container and each of its children as one head: `family inet { ... }`. */
  readonly joined?: true;
  /** A container that means something when empty: `mka;`. */
  readonly presence?: true;
  readonly mandatory?: true;
  /** Highest number of entries in a list. */
  readonly most?: number;
}

/** A statement in its place in the schema. */
export interface Statement extends Omit<Shape, 'children'> {
  readonly name: string;
  /** Position among its siblings: configurations are kept and shown in this order. */
  readonly order: number;
  child(name: string): Statement | undefined;
  /** Children whose names are not written: tried when a word is not the name of any child. */
  readonly elidedChildren: readonly Statement[];
  /** Children with `mandatory`. */
  readonly mandatoryChildren: readonly Statement[];
}

export function container(children: Block | (() => Block), more: Partial<Shape> = {}): Shape {
  return { kind: 'container', children, ...more };
}

export function list(type: ValueType, children: Block | (() => Block), more: Partial<Shape> = {}): Shape {
  return { kind: 'list', type, children, ...more };
}

export function leaf(type: ValueType, more: Partial<Shape> = {}): Shape {
  return { kind: 'leaf', type, ...more };
}

export function leafList(type: ValueType, more: Partial<Shape> = {}): Shape {
  return { kind: 'leaf-list', type, ...more };
}

export const flag: Shape = { kind: 'flag' };

const ANY: ValueType = { is: 'string', min: 1, max: 4096 };

/** Legal in every block (YANG grouping apply-advanced). */
const APPLY_ADVANCED: Block = {
  'apply-groups': leafList(ANY),
  'apply-groups-except': leafList(ANY),
  'apply-macro': list(ANY, { data: list(ANY, { value: leaf(ANY, { elided: true }) }, { elided: true, oneLine: true }) }),
};

/** Links a shape into a statement; children are linked when first asked for. */
export function statement(name: string, shape: Shape, order = 0): Statement {
  let linked: ReadonlyMap<string, Statement> | undefined;
  const children = (): ReadonlyMap<string, Statement> => (linked ??= link(shape));
  const { children: _, ...rest } = shape;
  return {
    ...rest,
    name,
    order,
    child: (childName) => children().get(childName),
    get elidedChildren() {
      return [...children().values()].filter((child) => child.elided === true);
    },
    get mandatoryChildren() {
      return [...children().values()].filter((child) => child.mandatory === true);
    },
  };
}

function link(shape: Shape): ReadonlyMap<string, Statement> {
  if (shape.children === undefined) return new Map();
  const own = typeof shape.children === 'function' ? shape.children() : shape.children;
  const advanced = Object.entries(APPLY_ADVANCED).filter(([name]) => shape.oneLine !== true && !Object.hasOwn(own, name));
  const all: [string, Shape][] = [...advanced, ...Object.entries(own)];
  return new Map(all.map(([name, child], order) => [name, statement(name, child, order)]));
}
