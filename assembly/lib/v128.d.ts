// For editors and tsc, which know operators of numbers alone: a v128 is one to them. This file is the first in
// tsconfig.json, so that it goes before AssemblyScript's own declarations of the same name.

declare type v128 = number;

declare namespace v128 {
  function load(at: usize, offset?: usize): v128;
  function load64_splat(at: usize, offset?: usize): v128;
  function load64_zero(at: usize, offset?: usize): v128;
  function store(at: usize, value: v128, offset?: usize): void;
  function store64_lane(at: usize, value: v128, lane: u8, offset?: usize): void;
  function shuffle<T>(a: v128, b: v128, ...lanes: u8[]): v128;
  function and(a: v128, b: v128): v128;
  function or(a: v128, b: v128): v128;
  function andnot(a: v128, b: v128): v128;
  function bitselect(a: v128, b: v128, mask: v128): v128;
  function any_true(a: v128): bool;
}
