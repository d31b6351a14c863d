import { AndFilter, EqualityFilter, FilterParser, NotFilter, OrFilter, type Filter } from 'ldapts';

/** Each stands for a whole value, compared for equality: no part of one, no name of an attribute. */
const PLACES = ['{email}', '{user}'];
const IN_PLACE = /=\{(?:email|user)\}\)/g;

/** Whether a text is a filter (RFC 4515) in which somebody who signs in can be put, and nothing else. */
export function isFilterTemplate(template: string): boolean {
  // The library takes one that is not closed.
  if (template.split('(').length !== template.split(')').length) return false;
  if (!/^\(.*\)$/s.test(template) || /[{}]/.test(template.replace(IN_PLACE, '=x)'))) return false;
  try {
    return countPlaces(FilterParser.parseString(template)) > 0;
  } catch {
    return false;
  }
}

/**
 * The filter that looks for whoever typed this address. What was typed is put into the parsed filter as a
 * value and never into its text, so that nothing in it can be read as a part of the filter.
 */
export function fillFilter(template: string, email: string): Filter {
  const user = email.slice(0, email.lastIndexOf('@'));
  return put(FilterParser.parseString(template), { '{email}': email, '{user}': user });
}

function put(filter: Filter, values: Readonly<Record<string, string>>): Filter {
  if (filter instanceof AndFilter || filter instanceof OrFilter) {
    const filters = filter.filters.map((one) => put(one, values));
    return filter instanceof AndFilter ? new AndFilter({ filters }) : new OrFilter({ filters });
  }
  if (filter instanceof NotFilter) return new NotFilter({ filter: put(filter.filter, values) });
  if (!isPlace(filter)) return filter;
  return new EqualityFilter({
    attribute: filter.attribute,
    value: values[String(filter.value)] ?? '',
  });
}

function countPlaces(filter: Filter): number {
  if (filter instanceof AndFilter || filter instanceof OrFilter)
    return filter.filters.reduce((count, one) => count + countPlaces(one), 0);
  if (filter instanceof NotFilter) return countPlaces(filter.filter);
  return isPlace(filter) ? 1 : 0;
}

function isPlace(filter: Filter): filter is EqualityFilter {
  return filter instanceof EqualityFilter && PLACES.includes(String(filter.value));
}
