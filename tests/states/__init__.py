"""Pages that are reached by an act, or that a thing shows in a state few examples are in.

A form sent back, two who wrote at once, what is over, withdrawn or waiting, the steps of signing
in. Each brings its thing into that state by the acts that do so, and looks at the page as a person
would; `Drawn` takes all of it back, so that the world and the demo stay as they are.
"""

from tests.states.groups import GROUPS
from tests.states.joining import JOINING
from tests.states.meetings import MEETINGS
from tests.states.members import MEMBERS
from tests.states.sign_in import SIGN_IN
from tests.states.texts import TEXTS
from tests.states.works import WORKS

STATES = [*MEETINGS, *GROUPS, *MEMBERS, *WORKS, *TEXTS, *JOINING, *SIGN_IN]
