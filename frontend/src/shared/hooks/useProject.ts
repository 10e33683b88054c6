import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Role } from '@/api/session';
import { sessionQuery } from '@/api/session';

export interface ProjectHere {
  id: string | number;
  slug: string;
  name: string;
  role: Role;
  /** Whether the person has one of the roles; an owner may do whatever a lead may. */
  is: (...roles: Role[]) => boolean;
}

/** The project in the address, with the role of the person in it. Throws outside `/p/$project`. */
export function useProject(): ProjectHere {
  const here = useMaybeProject();
  if (!here) throw new Error('This page needs a project in its address.');
  return here;
}

export function useMaybeProject(): ProjectHere | null {
  const { project: slug } = useParams({ strict: false });
  const { data } = useSuspenseQuery(sessionQuery);
  const membership = data.memberships.find((m) => m.project.slug === slug);
  if (!membership) return null;
  const { role, project } = membership;
  return {
    ...project,
    role,
    is: (...roles) => roles.includes(role) || (role === 'owner' && roles.includes('lead')),
  };
}
