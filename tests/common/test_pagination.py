import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.models import OutboxEvent
from common.pagination import KeysetPagination, decode_cursor, encode_cursor, parse_limit
from common.problems import InvalidInput


class View:
    def __init__(self, ordering):
        self.ordering = ordering


class Asked:
    def __init__(self, **params):
        self.query_params = params


@given(st.lists(st.one_of(st.integers(), st.text(), st.booleans()), min_size=1, max_size=4))
def test_a_cursor_says_again_what_it_was_told(values):
    assert decode_cursor(encode_cursor(values), len(values)) == values


@pytest.mark.parametrize("text", ["", "x", "bm90IGpzb24", encode_cursor([1, 2]), "é"])
def test_a_foreign_cursor_is_refused_with_a_sentence(text):
    with pytest.raises(InvalidInput, match="cursor"):
        decode_cursor(text, 1)


@pytest.mark.parametrize("text", ["0", "501", "-1", "ten"])
def test_a_limit_out_of_range_is_refused(text):
    with pytest.raises(InvalidInput, match="limit"):
        parse_limit(text, 50)


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["-id", "id", ("version", "-id")])
def test_pages_show_every_row_once_in_order(ordering):
    OutboxEvent.objects.bulk_create([OutboxEvent(name="x", version=n % 3, payload={}) for n in range(17)])
    names = (ordering,) if isinstance(ordering, str) else ordering
    seen, cursor = [], None
    while True:
        page = KeysetPagination()
        asked = Asked(limit="5", **({"cursor": cursor} if cursor else {}))
        seen += [row.pk for row in page.paginate_queryset(OutboxEvent.objects.all(), asked, View(ordering))]
        cursor = page.next
        if cursor is None:
            break
    assert seen == list(OutboxEvent.objects.order_by(*names).values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("values", [["abc"], [None], [{}], [[1]]])
def test_a_cursor_of_another_list_is_refused_with_a_sentence(values):
    with pytest.raises(InvalidInput, match="not one of ours"):
        KeysetPagination().paginate_queryset(
            OutboxEvent.objects.all(), Asked(cursor=encode_cursor(values)), View("-id")
        )
