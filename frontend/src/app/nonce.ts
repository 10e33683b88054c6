/** The style nonce that the server puts into the page; empty while developing without a policy. */
export function styleNonce(): string {
  const value = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  return value.startsWith('__') ? '' : value;
}

/** The scroll lock inside dialogs adds a style element of its own and looks for the nonce under this name. */
export function allowStylesWithNonce(): void {
  const nonce = styleNonce();
  if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
}
