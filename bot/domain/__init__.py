"""The business, pure: no I/O, nothing imported but the standard library."""
