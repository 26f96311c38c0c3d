"""Every module that has rows: whoever imports this one knows the whole store."""

import models.ballot.rows
import models.ballot.secret.rows
import models.broadcast.rows
import models.chores
import models.deadline.rows
import models.drafts
import models.files
import models.heartbeat
import models.inbox
import models.knowledge.aliases
import models.knowledge.rows
import models.meeting.rows
import models.member
import models.office
import models.outbox
import models.pace
import models.planned
import models.question.rows
import models.record.rows
import models.report.rows
import models.safekeeping
import models.search.vectors
import models.selection.rows
import models.shown
import models.troubles
import models.wish  # noqa: F401 - all of these are imported for their tables
from models.base import Base

METADATA = Base.metadata
