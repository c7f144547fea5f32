"""The opcodes of the drafts before hybi-07, and where RFC 6455's numbering puts them.

The drafts defined six, as the RFC does, with other numbers. The ten that they kept for later are laid
onto the ten that the RFC keeps for later, so that each has one place: 6 to A onto 3 to 7 (data), B to F
onto themselves (control). What a reserved number would have become, no draft says.
"""

from wsinspector.protocol.opcodes import MASK_BIT

RFC_OF_DRAFT: tuple[int, ...] = (0x0, 0x8, 0x9, 0xA, 0x1, 0x2, 3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF)
"""Indexed by the number that travels."""

DRAFT_OF_RFC: tuple[int, ...] = tuple(RFC_OF_DRAFT.index(number) for number in range(16))
"""Indexed by RFC 6455's number."""

RSV4_BIT = MASK_BIT
"""In the second byte, where MASK came to stand in hybi-07."""
