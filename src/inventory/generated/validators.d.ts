// Generated from inventory.schema.json and original-dictionary.schema.json by build/compile-schemas.ts: not to be edited.

export interface Violation {
  /** JSON pointer to the value that is wrong. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (value: unknown): boolean;
  /** Of the last call. */
  errors: readonly Violation[] | null;
}

export declare const validateInventory: Validator;
export declare const validateOriginalDictionary: Validator;
