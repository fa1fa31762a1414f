"""What a file that takes another's place keeps of it: whose it is, who may do what with it, and its attributes.

Without the right to give a file away the new one is the writer's own, as with git and most editors: in a folder that a
group shares anybody may write what another one made. The group is kept then, which its members may always do. Where it
cannot be, group and others may do what both could before (as Vim does), so nobody may do more than that.
"""

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISGID, S_ISUID

# The extended attributes that speak of a file whatever is in it; others (security.ima) are checksums of its bytes.
KEPT = ("security.SMACK64", "security.selinux", "system.nfs4_acl", "user.")
ACCESS_LIST = "system.posix_acl_access"


def private(path: str, flags: int) -> int:
    """Opens a new file for its writer alone, as an ``opener``: it may hold what few may read."""
    return os.open(path, flags, 0o600)


def keep(handle: int, path: Path) -> None:
    """Gives an open file that was made just now what the one at ``path`` has, as far as the system lets it.

    Raises ``OSError``: where the list of who may do what could not be kept, it might keep somebody out.
    """
    was = path.stat()
    _keep_owner(handle, was)
    now = os.fstat(handle)
    if sys.platform == "linux":
        _keep_attributes(handle, path)
        _keep_list(handle, path, same_group=now.st_gid == was.st_gid)
    mode = mode_for(was, now)
    # After the attributes, which a file that may not be written takes none of; a mode set anew can cut a list short.
    if S_IMODE(os.fstat(handle).st_mode) != mode:
        os.fchmod(handle, mode)


def mode_for(was: os.stat_result, now: os.stat_result) -> int:
    """The mode of a file that was ``was`` once its owner and group are those of ``now``."""
    mode = S_IMODE(was.st_mode)
    if now.st_uid != was.st_uid:
        mode &= ~S_ISUID
    if now.st_gid != was.st_gid:
        both = mode >> 3 & mode & 0o7
        mode = mode & ~(S_ISGID | 0o77) | both << 3 | both
    return mode


def _keep_owner(handle: int, was: os.stat_result) -> None:
    now = os.fstat(handle)
    if (now.st_uid, now.st_gid) != (was.st_uid, was.st_gid):
        try:
            os.fchown(handle, was.st_uid, was.st_gid)
        except OSError:
            # What is not kept shows in the file's status.
            with suppress(OSError):
                os.fchown(handle, -1, was.st_gid)


if sys.platform == "linux":

    def _attributes(file: Path | int) -> list[str]:
        # Not every file system has some.
        with suppress(OSError):
            return sorted(os.listxattr(file))
        return []

    def _keep_attributes(handle: int, path: Path) -> None:
        for name in _attributes(path):
            if name.startswith(KEPT):
                # It may go, or be one that only root may set.
                with suppress(OSError):
                    os.setxattr(handle, name, os.getxattr(path, name))

    def _keep_list(handle: int, path: Path, *, same_group: bool) -> None:
        if ACCESS_LIST not in _attributes(path):
            # A folder may give each new file a list.
            if ACCESS_LIST in _attributes(handle):
                os.removexattr(handle, ACCESS_LIST)
            return
        if not same_group:
            reason = "its access list speaks of a group that it would not have any more; run as a member of that group"
            raise PermissionError(errno.EPERM, reason)
        os.setxattr(handle, ACCESS_LIST, os.getxattr(path, ACCESS_LIST))
