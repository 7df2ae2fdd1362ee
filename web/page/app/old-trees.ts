import { options } from 'preact';

/** What is needed here of a node of Preact's tree and of its hooks, by the names they have in its build. */
interface Node {
  /** The component that draws it; none when it is an element or text. */
  __c?: object | null;
  /** What it was last drawn as. */
  __k?: readonly (Node | null)[] | null | undefined;
}
interface Hooks {
  diffed?(node: Node): void;
  __c?(node: Node, queue: unknown[]): void;
}

/**
 * Lets go of what components were drawn as before.
 *
 * A component that draws itself anew gets another node. The one before stays in the `children` of the element around it,
 * which is not drawn again, and holds its tree; and as a child that has nothing new to draw is handed on from tree to
 * tree, each of these trees holds the next. So a page of signals would keep every tree it ever had
 * (https://github.com/preactjs/preact/issues/4909). Preact reads an old node's children until its commit and not after.
 */
export function releaseOldTrees(): void {
  const hooks = options as Hooks;
  const { diffed, __c: commit } = hooks;
  const drawn = new WeakMap<object, Node>();
  let old: Node[] = [];
  hooks.diffed = (node) => {
    diffed?.(node);
    const component = node.__c;
    if (component == null) return;
    const before = drawn.get(component);
    if (before !== undefined && before !== node) old.push(before);
    drawn.set(component, node);
  };
  hooks.__c = (node, queue) => {
    commit?.(node, queue);
    for (const each of old) each.__k = undefined;
    old = [];
  };
}
