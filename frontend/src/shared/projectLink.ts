/**
 * The server names places below a project's address, perhaps with a query: "production?tab=audits". Spread it into a
 * `Link`; the router cannot know the type of an address that comes from outside.
 */
export function projectLink(project: string, link: string): { to: never; search: never } {
  const [path = '', query = ''] = link.split('?');
  const search = Object.fromEntries(new URLSearchParams(query));
  return { to: `/p/${project}/${path}` as never, search: search as never };
}
