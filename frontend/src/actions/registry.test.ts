import { afterEach, expect, test, vi } from 'vitest';
import { findConflicts, sequencesOf } from './keymap';
import { type Action, ActionRegistry } from './registry';

const base = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

function action(id: string, keys: string[], more: Partial<Action> = {}): Action {
  return { id, title: id, scope: 'workbench', group: 'g', keys, perform: vi.fn(), ...more };
}

function press(init: KeyboardEventInit, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

let stop = () => {};
function listen(registry: ActionRegistry) {
  window.addEventListener('keydown', registry.handleKey);
  stop = () => window.removeEventListener('keydown', registry.handleKey);
}
afterEach(() => {
  stop();
  document.body.replaceChildren();
  localStorage.clear();
});

test('a key is its place, so Hangul mode types the same action', () => {
  const registry = new ActionRegistry();
  const skip = action('skip', ['KeyX']);
  registry.register([skip]);
  listen(registry);
  press({ code: 'KeyX', key: 'ㅌ' });
  expect(skip.perform).toHaveBeenCalledOnce();
});

test('a key held down answers once; only what asks for it repeats', () => {
  const registry = new ActionRegistry();
  const answer = action('answer', ['Digit1']);
  const zoom = action('zoom', ['Equal'], { repeats: true });
  registry.register([answer, zoom]);
  listen(registry);
  for (const repeat of [false, true, true]) {
    expect(press({ code: 'Digit1', key: '1', repeat }).defaultPrevented).toBe(true);
    press({ code: 'Equal', key: '=', repeat });
  }
  expect(answer.perform).toHaveBeenCalledTimes(1);
  expect(zoom.perform).toHaveBeenCalledTimes(3);
});

test('nothing happens while an input method composes', () => {
  const registry = new ActionRegistry();
  const one = action('one', ['Digit1']);
  registry.register([one]);
  listen(registry);
  press({ code: 'Digit1', key: '1', isComposing: true });
  expect(one.perform).not.toHaveBeenCalled();
  expect(sequencesOf({ ...base, code: 'Digit1', key: '1', isComposing: true })).toEqual([]);
});

test('a text field keeps its letters, unless the action asks for them', () => {
  const registry = new ActionRegistry();
  const skip = action('skip', ['KeyX']);
  const save = action('save', ['Mod+KeyS'], { inFields: true });
  registry.register([skip, save]);
  listen(registry);
  const input = document.body.appendChild(document.createElement('input'));
  press({ code: 'KeyX', key: 'x' }, input);
  press({ code: 'KeyS', key: 's', ctrlKey: true }, input);
  expect(skip.perform).not.toHaveBeenCalled();
  expect(save.perform).toHaveBeenCalledOnce();
});

test('Enter on a focused button presses the button, not the action', () => {
  const registry = new ActionRegistry();
  const submit = action('submit', ['Enter']);
  registry.register([submit]);
  listen(registry);
  press({ code: 'Enter', key: 'Enter' }, document.body.appendChild(document.createElement('button')));
  expect(submit.perform).not.toHaveBeenCalled();
  press({ code: 'Enter', key: 'Enter' });
  expect(submit.perform).toHaveBeenCalledOnce();
});

test('the newest enabled registration wins and leaves again', () => {
  const registry = new ActionRegistry();
  const below = action('below', ['KeyA']);
  const above = action('above', ['KeyA']);
  registry.register([below]);
  const leave = registry.register([above]);
  listen(registry);
  press({ code: 'KeyA', key: 'a' });
  leave();
  press({ code: 'KeyA', key: 'a' });
  expect(above.perform).toHaveBeenCalledOnce();
  expect(below.perform).toHaveBeenCalledOnce();
});

test('a sign is meant as printed: the minus of a German keyboard is not its slash', () => {
  const registry = new ActionRegistry();
  const search = action('search', ['Slash', 'key:/']);
  const out = action('out', ['Minus', 'key:-']);
  registry.register([out, search]);
  listen(registry);
  press({ code: 'Slash', key: '-' });
  expect(out.perform).toHaveBeenCalledOnce();
  expect(search.perform).not.toHaveBeenCalled();
});

test('the numeric keypad counts as digits, and a sign is found on any layout', () => {
  expect(sequencesOf({ ...base, code: 'Numpad4', key: '4' })[0]).toBe('Digit4');
  expect(sequencesOf({ ...base, code: 'Digit7', key: '/', shiftKey: true })).toContain('key:/');
});

test('conflicts are found where scopes overlap, and chords of the browser are refused', () => {
  const bind = (id: string, scope: string, ...sequences: string[]) => ({ id, scope, sequences });
  expect(findConflicts([bind('a', 'workbench', 'KeyX'), bind('b', 'workbench.choice', 'KeyX')])).toHaveLength(
    1,
  );
  expect(
    findConflicts([bind('a', 'workbench.shapes', 'KeyN'), bind('b', 'workbench.choice', 'KeyN')]),
  ).toEqual([]);
  expect(findConflicts([bind('a', 'page', 'Mod+KeyW')])).toEqual([{ sequence: 'Mod+KeyW', ids: ['a'] }]);
});

test("a person's own keys replace the given ones and are remembered", () => {
  const registry = new ActionRegistry();
  const skip = action('skip', ['KeyX']);
  registry.register([skip]);
  registry.remapKeys('skip', ['KeyJ']);
  expect(new ActionRegistry().keysOf(skip)).toEqual(['KeyJ']);
  registry.remapKeys('skip', null);
  expect(registry.keysOf(skip)).toEqual(['KeyX']);
});
