"""All forms about people, for the list of forms."""

from handlers.office.people.adding import ADD_ROLE, CHANGE_NAME, CHANGE_ROLE, FIND_PERSON, NEW_PERSON
from handlers.office.people.ending import END_MEMBERSHIP, MOVE_MANDATE

PEOPLE_FORMS = (NEW_PERSON, ADD_ROLE, CHANGE_ROLE, MOVE_MANDATE, END_MEMBERSHIP, CHANGE_NAME, FIND_PERSON)
