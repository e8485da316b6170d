/** An output column as RowDescription and Bind declare it. */
export type PlannedColumn = {
  readonly typeOid: number;
  /** 0 text, 1 binary. */
  readonly format: 0 | 1;
  /** `atttypmod`: the width, precision or scale that was declared; absent or -1 for none. */
  readonly typeModifier?: number;
};
