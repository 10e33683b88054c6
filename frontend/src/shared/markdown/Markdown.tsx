import { Kbd } from '@mantine/core';
import { marked, type Token, type Tokens } from 'marked';
import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import classes from './Markdown.module.css';
import { PlainText } from './PlainText';

/**
 * What people wrote in Markdown, as elements: paragraphs, headings, lists, quotes, code, emphasis, links and keys. Nothing
 * is ever put into the page as HTML: of tags only `<kbd>` and `<br>` are understood, every other stays to be read as text.
 */

/** Deeper nesting than a person writes is shown as it was typed. */
const DEEPEST = 12;
/** Headings of a text stand below those of the sheet. */
const FIRST_HEADING = 3;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,6})|([a-z]+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (ENTITIES[name ?? ''] ?? whole) : String.fromCodePoint(Number(code) || 0xfffd),
  );

/** An address that a person may be sent to; null for scripts and whatever else a browser would run. */
export function safeAddress(href: string): string | null {
  if (/^\/(?!\/)/.test(href)) return href;
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(href).protocol) ? href : null;
  } catch {
    return null;
  }
}

function Anchor({ href, children }: { href: string; children: ReactNode }) {
  const address = safeAddress(href);
  if (address === null) return children;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

const isTag = (token: Token | undefined, tag: string): boolean =>
  token?.type === 'html' && token.raw.trim().toLowerCase() === tag;

/** Tokens side by side; a key is three of them, for its tags are tokens of their own. */
function inARow(tokens: readonly Token[] | undefined, depth: number): ReactNode[] {
  const shown: ReactNode[] = [];
  const all = tokens ?? [];
  for (let at = 0; at < all.length; at += 1) {
    const token = all[at];
    if (!token) continue;
    const end = isTag(token, '<kbd>') ? all.findIndex((other, i) => i > at && isTag(other, '</kbd>')) : -1;
    if (end > at) {
      shown.push(<Kbd key={at}>{inARow(all.slice(at + 1, end), depth + 1)}</Kbd>);
      at = end;
    } else shown.push(<Fragment key={at}>{one(token, depth + 1)}</Fragment>);
  }
  return shown;
}

function Items({ token, depth }: { token: Tokens.List; depth: number }) {
  const items = token.items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line of a text is its place
    <li key={at}>{inARow(item.tokens, depth)}</li>
  ));
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function one(token: Token, depth: number): ReactNode {
  if (depth > DEEPEST) return token.raw;
  const inner = () => inARow('tokens' in token ? token.tokens : undefined, depth);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{inner()}</p>;
    case 'heading':
      return createElement(`h${Math.min(6, token.depth + FIRST_HEADING - 1)}`, null, inner());
    case 'list':
      return <Items token={token as Tokens.List} depth={depth} />;
    case 'blockquote':
      return <blockquote>{inner()}</blockquote>;
    case 'code':
      return <pre>{token.text}</pre>;
    case 'codespan':
      return <code>{decoded(token.text)}</code>;
    case 'strong':
      return <strong>{inner()}</strong>;
    case 'em':
      return <em>{inner()}</em>;
    case 'del':
      return <del>{inner()}</del>;
    case 'link':
      return <Anchor href={token.href}>{inner()}</Anchor>;
    case 'image':
      // Pictures of other servers would tell them who reads; examples have their own place.
      return <Anchor href={token.href}>{token.text || token.href}</Anchor>;
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens ? inner() : decoded(token.text);
    default:
      return isTag(token, '<br>') || isTag(token, '<br/>') ? <br /> : token.raw;
  }
}

function read(text: string): Token[] | null {
  try {
    return marked.lexer(text, { gfm: true, breaks: false });
  } catch {
    return null;
  }
}

export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => read(text), [text]);
  if (!tokens) return <PlainText text={text} />;
  return <div className={classes.text}>{inARow(tokens, 0)}</div>;
}
