"""How dates and times are written, where Django knows a language only as one country writes it."""
