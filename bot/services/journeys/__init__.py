"""What customers come for, from the first word to a true change or a clear no: one class a journey."""
