"""All kinds of faults the servers can play: of transport, of data, of the records themselves."""

from typing import Final

from pipelines.simulators.crm_events import CRM_EVENTS
from pipelines.simulators.data_faults import DATA
from pipelines.simulators.erp_events import ERP_EVENTS
from pipelines.simulators.kinds import Kind
from pipelines.simulators.transport_faults import TRANSPORT

KINDS: Final[tuple[Kind, ...]] = (*TRANSPORT, *DATA, *CRM_EVENTS, *ERP_EVENTS)
EVENTS: Final = frozenset((kind.system, kind.name) for kind in (*CRM_EVENTS, *ERP_EVENTS))
