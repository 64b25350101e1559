// In place of the file of this name in AssemblyScript's library (tools/core.js), whose V128 is empty: the compiler looks
// here for the operators of `v128`, one function each. Ours are those of two f64.

@final
@unmanaged
export abstract class V128 {
  @operator('+')
  @inline
  static add(a: v128, b: v128): v128 {
    return f64x2.add(a, b);
  }

  @operator('-')
  @inline
  static sub(a: v128, b: v128): v128 {
    return f64x2.sub(a, b);
  }

  @operator('*')
  @inline
  static mul(a: v128, b: v128): v128 {
    return f64x2.mul(a, b);
  }

  @operator('/')
  @inline
  static div(a: v128, b: v128): v128 {
    return f64x2.div(a, b);
  }
}
